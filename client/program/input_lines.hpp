// SPDX-License-Identifier: MIT
// Lines of a file descriptor, read in large pieces: millions a second.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wharf::client {

class InputLines {
 public:
  explicit InputLines(int descriptor) : descriptor_(descriptor) {}
  // The next line without its end (a carriage return before it included), valid until the next call; false at
  // the end of the input. Throws Error(bad_request) for a line over 1 MiB.
  bool next(std::string_view& line);
  std::uint64_t number() const noexcept { return number_; }  // of the line last returned, from 1

 private:
  int descriptor_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::uint64_t number_ = 0;
  bool at_end_ = false;
};

}  // namespace wharf::client
