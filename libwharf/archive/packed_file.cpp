// SPDX-License-Identifier: MIT
#include "libwharf/archive/packed_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "libwharf/base/error.hpp"

namespace wharf {

PackedFile::PackedFile(int fd) : fd_(fd) {
  struct stat status {};
  if (fstat(fd, &status) != 0) throw system_error("examining an archive");
  if (!S_ISREG(status.st_mode)) throw internal_error("an archive was given that is not a regular file");
  size_ = static_cast<std::uint64_t>(status.st_size);
}

std::size_t PackedFile::read(std::span<std::byte> buffer) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size_ - at_));
  if (wanted == 0) return 0;
  for (;;) {
    const ssize_t count = pread(fd_, buffer.data(), wanted, static_cast<off_t>(at_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error("reading an archive");
    at_ += static_cast<std::uint64_t>(count);
    return static_cast<std::size_t>(count);
  }
}

}  // namespace wharf
