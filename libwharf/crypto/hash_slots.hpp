// SPDX-License-Identifier: MIT
// At most so many password hashes at once on a machine as it has slots, over all processes: each hash takes
// 64 MiB and a core, and a flood of logins must find neither all memory nor all cores.
//
// A slot is a flock(2) on one of `count` files `slot-<n>` below `directory`, which must exist; the files are
// made on first use. The lock goes with the process: one that was killed gives its slot back.
#pragma once

#include <chrono>
#include <optional>

#include "libwharf/base/file.hpp"

namespace wharf {

class HashSlots {
 public:
  // Held as long as it lives.
  class [[nodiscard]] Slot {
   private:
    friend class HashSlots;
    explicit Slot(Fd locked) : locked_(std::move(locked)) {}
    Fd locked_;
  };

  HashSlots(Path directory, unsigned count);  // internal_error where count is 0

  // Waits up to `patience` for a slot; nothing where none got free: the caller answers `unavailable` with a
  // retry_after.
  std::optional<Slot> try_acquire(std::chrono::milliseconds patience = std::chrono::seconds(2)) const;

 private:
  std::optional<Slot> try_each() const;
  Path directory_;
  unsigned count_;
};

}  // namespace wharf
