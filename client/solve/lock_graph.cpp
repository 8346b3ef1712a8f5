// SPDX-License-Identifier: MIT
#include "client/solve/lock_graph.hpp"

#include <algorithm>

namespace wharf::client {

namespace {
const std::vector<Need> k_nobody;
}

LockGraph::LockGraph(const Lock& lock) {
  for (const auto& package : lock.packages) packages_.emplace(package.name, &package);
  for (const auto& [name, package] : packages_)
    for (const auto& [needed, requirement] : package->dependencies)
      needs_[needed].push_back({name, requirement});
}

const LockedPackage* LockGraph::find(std::string_view name) const {
  const auto found = packages_.find(name);
  return found == packages_.end() ? nullptr : found->second;
}

const std::vector<Need>& LockGraph::needed_by(std::string_view name) const {
  const auto found = needs_.find(name);
  return found == needs_.end() ? k_nobody : found->second;
}

std::set<std::string> LockGraph::reachable(const std::vector<std::string>& names) const {
  std::set<std::string> reached;
  std::vector<std::string> open = names;
  while (!open.empty()) {
    const std::string name = std::move(open.back());
    open.pop_back();
    const auto* package = find(name);
    if (!package || !reached.insert(name).second) continue;
    for (const auto& [needed, requirement] : package->dependencies) open.push_back(needed);
  }
  return reached;
}

std::vector<std::string> LockGraph::tops() const {
  std::vector<std::string> tops;
  for (const auto& [name, package] : packages_)
    if (std::ranges::none_of(needed_by(name), [&](const Need& need) { return need.by != name; }))
      tops.push_back(name);
  // What is left is reached by cycles alone: the first name of each stands for it.
  for (auto reached = reachable(tops); reached.size() < packages_.size();) {
    const auto left = std::ranges::find_if(
        packages_, [&](const auto& package) { return !reached.contains(package.first); });
    tops.push_back(left->first);
    reached.merge(reachable({left->first}));
  }
  std::ranges::sort(tops);
  return tops;
}

}  // namespace wharf::client
