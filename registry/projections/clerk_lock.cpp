// SPDX-License-Identifier: MIT
#include "registry/projections/clerk_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

ClerkLock::ClerkLock(const Path& file) {
  std::filesystem::create_directories(file.parent_path());
  fd_ = open_file(file, O_RDWR | O_CREAT, 0644);
  if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw system_error("locking", file.native());
    const auto holder = read_file(file, 64).value_or("");
    const auto number = parse_number(trim(holder.substr(0, holder.find('\n'))));
    throw Error(Code::conflict, "the public tree is being written by process " +
                                    (number ? std::to_string(*number) : std::string("(unknown)")) +
                                    "; stop that clerk or rebuild first");
  }
  if (::ftruncate(fd_.get(), 0) != 0) throw system_error("emptying", file.native());
  write_all(fd_.get(), std::to_string(::getpid()) + "\n");
}

}  // namespace wharf
