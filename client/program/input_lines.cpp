// SPDX-License-Identifier: MIT
#include "client/program/input_lines.hpp"

#include <span>

#include "libwharf/base/error.hpp"
#include "libwharf/base/file.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_piece = 256u << 10, k_longest = 1u << 20;

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

bool InputLines::next(std::string_view& line) {
  std::size_t searched = begin_;
  for (;;) {
    if (const auto end = buffer_.find('\n', searched); end != buffer_.npos) {
      line = without_return(std::string_view(buffer_).substr(begin_, end - begin_));
      begin_ = end + 1;
      ++number_;
      return true;
    }
    if (at_end_) {
      if (begin_ == buffer_.size()) return false;
      line = without_return(std::string_view(buffer_).substr(begin_));
      begin_ = buffer_.size();
      ++number_;
      return true;
    }
    if (buffer_.size() - begin_ > k_longest)
      throw Error(Code::bad_request,
                  "line " + std::to_string(number_ + 1) + " of the input is longer than a mebibyte");
    buffer_.erase(0, begin_);
    begin_ = 0;
    searched = buffer_.size();
    buffer_.resize(searched + k_piece);
    const auto count =
        read_some(descriptor_, std::as_writable_bytes(std::span(buffer_.data() + searched, k_piece)));
    buffer_.resize(searched + count);
    at_end_ = count == 0;
  }
}

}  // namespace wharf::client
