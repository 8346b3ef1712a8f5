// SPDX-License-Identifier: MIT
#include "registry/projections/clerk_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

// A process that was killed holds its lock until the kernel has taken it apart.
constexpr std::chrono::milliseconds k_patience{1000};

}  // namespace

ClerkLock::ClerkLock(const Path& file) {
  std::filesystem::create_directories(file.parent_path());
  fd_ = open_file(file, O_RDWR | O_CREAT, 0644);
  const auto end = std::chrono::steady_clock::now() + k_patience;
  while (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw system_error("locking", file.native());
    if (std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      continue;
    }
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
