// SPDX-License-Identifier: MIT
#include "client/registry/foresight.hpp"

#include <utility>

#include "libwharf/package/requirement.hpp"

namespace wharf::client {

void Foresight::want(std::string_view name, std::string_view requirement) {
  due_.emplace_back(name, requirement);
  work_off();
}

void Foresight::work_off() {
  while (!due_.empty()) {
    const auto [name, requirement] = std::move(due_.back());
    due_.pop_back();
    auto place = packages_.find(name);
    if (place == packages_.end()) {
      if (packages_.size() >= k_most) continue;
      place = packages_.try_emplace(name).first;
      fresh_.push_back(name);
    } else if (requirement.empty() && !place->second.requirements.empty()) {
      continue;  // a requirement that is known says more
    }
    if (place->second.requirements.insert(requirement).second && place->second.document)
      follow(place->second, requirement);
  }
}

void Foresight::learn(std::string_view name, const IndexDocument& document) {
  Package& package = packages_.try_emplace(std::string(name)).first->second;
  package.document = &document;
  package.followed.clear();
  if (package.requirements.empty()) package.requirements.emplace();
  for (const auto& requirement : package.requirements) follow(package, requirement);
  work_off();
}

void Foresight::follow(Package& package, std::string_view text) {
  const auto requirement = text.empty() ? std::nullopt : Requirement::from(text);
  if (!text.empty() && !requirement) return;
  const auto& versions = package.document->versions();
  for (std::size_t i = versions.size(); i-- > 0;) {
    const IndexEntry& entry = versions[i];
    if (entry.yanked || (requirement ? !requirement->matches(entry.version) : entry.version.is_prerelease()))
      continue;
    if (!package.followed.insert(i).second) return;
    for (const auto& dependency : entry.dependencies)
      if (dependency.kind == Dependency::Kind::normal && !dependency.optional)
        due_.emplace_back(dependency.name, dependency.requirement);
    return;
  }
}

std::vector<std::string> Foresight::take() {
  return std::exchange(fresh_, {});
}

}  // namespace wharf::client
