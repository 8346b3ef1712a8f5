// SPDX-License-Identifier: MIT
// One at a time on a machine: the clerk, and whoever rebuilds its tree. The lock goes with the process that
// holds it.
#pragma once

#include "libwharf/base/file.hpp"

namespace wharf {

class ClerkLock {
 public:
  // Throws Error(conflict), with the process that holds the lock, where it is taken
  // and stays so for a second.
  explicit ClerkLock(const Path& file);

 private:
  Fd fd_;
};

}  // namespace wharf
