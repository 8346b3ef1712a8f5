// SPDX-License-Identifier: MIT
// The project, what it uses in place, and what is locked, as one graph: who needs whom, and how that is
// written.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/lock/lock.hpp"
#include "client/solve/asked.hpp"

namespace wharf::client {

struct Edge {
  std::string from, to;     // names; the root's is ""
  std::string requirement;  // as it is written there
  bool dev = false;
};

struct Node {
  std::string name;  // "" for the root
  std::optional<Version> version;
  std::optional<Path> in_place;
  const LockedPackage* locked = nullptr;
  std::vector<Edge> needs, needed_by;  // sorted by name; only of what is there
};

class ProjectGraph {
 public:
  // Both must outlive it. A dependency that is neither locked nor in place (an optional one, one that the
  // lock lacks) is left out.
  ProjectGraph(const Asked& asked, const Lock& lock);

  const Node& root() const { return nodes_.at(""); }
  const Node* find(std::string_view name) const;
  // All but the root, by name.
  const std::map<std::string, Node, std::less<>>& nodes() const { return nodes_; }
  // How many steps from the root: 1 for what it asks for itself; nothing for what it does not lead to.
  std::map<std::string, std::size_t> distances() const;

 private:
  void add(Edge edge);
  std::map<std::string, Node, std::less<>> nodes_;
};

}  // namespace wharf::client
