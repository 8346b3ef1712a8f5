// SPDX-License-Identifier: MIT
#include "client/solve/project_graph.hpp"

#include <algorithm>
#include <deque>

namespace wharf::client {

ProjectGraph::ProjectGraph(const Asked& asked, const Lock& lock) {
  nodes_[""].version = asked.project.version;
  for (const auto& package : lock.packages) {
    auto& node = nodes_[package.name];
    node.name = package.name;
    node.version = package.version;
    node.locked = &package;
  }
  for (const auto& project : asked.in_place) {
    auto& node = nodes_[project.name];
    node = {};
    node.name = project.name;
    node.version = version_of(project);
    node.in_place = project.root;
  }
  const auto add_all = [&](const std::string& from, const Project& project, bool dev_too) {
    for (const auto& one : project.dependencies)
      if (!one.optional && (dev_too || !one.dev))
        add({from, one.name, one.written.empty() ? one.requirement : one.written, one.dev});
  };
  add_all("", asked.project, true);
  for (const auto& project : asked.in_place) add_all(project.name, project, false);
  for (const auto& package : lock.packages)
    if (!nodes_.at(package.name).in_place)
      for (const auto& [name, requirement] : package.dependencies)
        add({package.name, name, requirement, false});
  for (auto& [name, node] : nodes_) {
    std::ranges::sort(node.needs, {}, &Edge::to);
    std::ranges::sort(node.needed_by, {}, &Edge::from);
  }
}

void ProjectGraph::add(Edge edge) {
  const auto to = nodes_.find(edge.to);
  if (to == nodes_.end() || edge.to.empty()) return;
  to->second.needed_by.push_back(edge);
  nodes_.at(edge.from).needs.push_back(std::move(edge));
}

const Node* ProjectGraph::find(std::string_view name) const {
  const auto found = nodes_.find(name);
  return found == nodes_.end() || name.empty() ? nullptr : &found->second;
}

std::map<std::string, std::size_t> ProjectGraph::distances() const {
  std::map<std::string, std::size_t> distances{{"", 0}};
  std::deque<const Node*> open{&root()};
  while (!open.empty()) {
    const Node& node = *open.front();
    open.pop_front();
    for (const auto& edge : node.needs)
      if (distances.try_emplace(edge.to, distances.at(node.name) + 1).second) open.push_back(find(edge.to));
  }
  distances.erase("");
  return distances;
}

}  // namespace wharf::client
