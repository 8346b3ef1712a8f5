// SPDX-License-Identifier: MIT
// What lies in a tree that Wharf made, and is not Wharf's.
#pragma once

#include <string>
#include <vector>

#include "client/install/pending.hpp"
#include "client/install/record.hpp"

namespace wharf::client {

struct Stranger {
  Path path;             // below the tree; a directory stands for all that is in it
  bool changed = false;  // a file of a package, edited since
};

// `records` with the path of each package below the tree.
struct RecordedPackage {
  Path path;
  PackageRecord record;
};
std::vector<Stranger> find_strangers(const Path& tree, const std::vector<RecordedPackage>& packages);

// Moves them from the old tree to the new: to the same place, or, where that is taken, below `.wharf/aside`.
// Says in at most two sentences what was kept where.
void move_strangers(const std::vector<Stranger>& strangers, const Path& from, const Path& to, const Say& say);

}  // namespace wharf::client
