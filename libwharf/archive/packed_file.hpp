// SPDX-License-Identifier: MIT
// The bytes of an archive on disk, from the first to the last that was there when it was opened.
// Reads with pread(2): the descriptor's own position neither matters nor moves, so two readers can share it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wharf {

class PackedFile {
 public:
  // Throws Error(internal_error) where `fd` is not a regular file.
  explicit PackedFile(int fd);

  std::uint64_t size() const noexcept { return size_; }
  // Fills as much of the buffer as there is; 0 is the end.
  std::size_t read(std::span<std::byte> buffer);

 private:
  int fd_;
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;
};

}  // namespace wharf
