// SPDX-License-Identifier: MIT
// The packages of a lock as a graph.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "client/lock/lock.hpp"

namespace wharf::client {

// One arrow: who needs it, and how the requirement is written there. `by` is empty for the root.
struct Need {
  std::string by;
  std::string requirement;
};

class LockGraph {
 public:
  explicit LockGraph(const Lock& lock);

  const LockedPackage* find(std::string_view name) const;
  // Who in the lock needs it, sorted by name.
  const std::vector<Need>& needed_by(std::string_view name) const;
  // These and all that they need, as far as the lock has it.
  std::set<std::string> reachable(const std::vector<std::string>& names) const;
  // One name of every part that nothing outside of it needs: what was once asked for, where no manifest says
  // it. In order of name.
  std::vector<std::string> tops() const;

 private:
  std::map<std::string, const LockedPackage*, std::less<>> packages_;
  std::map<std::string, std::vector<Need>, std::less<>> needs_;
};

}  // namespace wharf::client
