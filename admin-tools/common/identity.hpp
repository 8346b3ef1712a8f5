// SPDX-License-Identifier: MIT
// The system's user in whose name files are made. What root would make in a folder of the workers or the
// clerk, these could not change afterwards.
#pragma once

#include <string_view>
#include <vector>

#include "libwharf/base/file.hpp"

namespace wharf::admin {

// Becomes the owner of a folder, for good. Throws Error(forbidden) where this is neither root nor the owner.
void become_owner_of(const Path& folder, std::string_view what);

// Makes files as the owner of a folder, and is root again in between (RootAgain): for a command that reads
// what only root can. As anybody but root it does nothing.
class ActAsOwnerOf {
 public:
  explicit ActAsOwnerOf(const Path& folder);
  ActAsOwnerOf(const ActAsOwnerOf&) = delete;
  ActAsOwnerOf& operator=(const ActAsOwnerOf&) = delete;
  ~ActAsOwnerOf();

 private:
  bool acts_ = false;
  unsigned group_ = 0;
  std::vector<unsigned> groups_;  // before
};

class RootAgain {
 public:
  RootAgain();
  RootAgain(const RootAgain&) = delete;
  RootAgain& operator=(const RootAgain&) = delete;
  ~RootAgain();

 private:
  unsigned before_;
};

}  // namespace wharf::admin
