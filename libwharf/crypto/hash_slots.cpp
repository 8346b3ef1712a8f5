// SPDX-License-Identifier: MIT
#include "libwharf/crypto/hash_slots.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "libwharf/base/error.hpp"

namespace wharf {
namespace {

// A hash takes a hundred milliseconds or more: asking this often costs nothing and delays no one noticeably.
constexpr std::chrono::milliseconds k_between_rounds{5};

bool lock_now(const Fd& file, const Path& path) {
  if (flock(file.get(), LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  throw system_error("locking a hash slot", path.native());
}

}  // namespace

HashSlots::HashSlots(Path directory, unsigned count) : directory_(std::move(directory)), count_(count) {
  if (count_ == 0) throw internal_error("no password could ever be hashed with 0 slots");
}

// A file is opened anew each time, since two locks through one open file would be the same lock.
std::optional<HashSlots::Slot> HashSlots::try_each() const {
  const auto first =
      static_cast<unsigned>(getpid()) % count_;  // so that not everyone asks for the same one first
  for (unsigned i = 0; i < count_; ++i) {
    const Path path = directory_ / ("slot-" + std::to_string((first + i) % count_));
    Fd file = open_file(path, O_RDONLY | O_CREAT);
    if (lock_now(file, path)) return Slot(std::move(file));
  }
  return std::nullopt;
}

std::optional<HashSlots::Slot> HashSlots::try_acquire(std::chrono::milliseconds patience) const {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (auto slot = try_each()) return slot;
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= left.zero()) return std::nullopt;
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(left, k_between_rounds));
  }
}

}  // namespace wharf
