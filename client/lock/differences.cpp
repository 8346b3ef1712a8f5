// SPDX-License-Identifier: MIT
#include <functional>
#include <set>

#include "client/lock/lock.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/requirement.hpp"

namespace wharf::client {

namespace {

class Comparison {
 public:
  Comparison(const Project& project, std::span<const Project> in_place, const Lock& lock)
      : project_(project), in_place_(in_place) {
    for (const auto& package : lock.packages) packages_.emplace(package.name, &package);
  }

  std::vector<std::string> run() {
    look_at(project_, wharf::quoted(project_.manifest_file), true);
    for (const auto& project : in_place_) look_at(project, wharf::quoted(project.manifest().native()), false);
    for (std::size_t i = 0; i < next_.size(); ++i) {
      const LockedPackage& package = *next_[i];
      for (const auto& [name, requirement] : package.dependencies)
        want(wharf::quoted(package.name) + " " + package.version.text(), name, requirement, requirement);
    }
    for (const auto& [name, package] : packages_)
      if (!needed_.contains(name))
        found_.push_back(wharf::quoted(name) + " " + package->version.text() +
                         " is locked, but nothing needs it");
    return std::move(found_);
  }

 private:
  void look_at(const Project& project, const std::string& who, bool with_dev) {
    for (const auto& one : project.dependencies)
      if (!one.optional && (with_dev || !one.dev) && !one.path)
        want(who, one.name, one.requirement, one.written.empty() ? one.requirement : one.written);
  }

  void want(const std::string& who, const std::string& name, const std::string& requirement,
            const std::string& written) {
    const std::string wants = who + " wants " + wharf::quoted(name) + " " + written;
    const auto read = Requirement::from(requirement);
    if (const Project* local = find_local(name)) {
      if (read && local->version && !read->matches(*local->version))
        found_.push_back(wants + ", but the one used in place is " + local->version->text());
      return;
    }
    const auto locked = packages_.find(name);
    if (locked == packages_.end()) {
      found_.push_back(wants + ", which is not locked");
      return;
    }
    const LockedPackage& package = *locked->second;
    if (!read || !read->matches(package.version))
      found_.push_back(wants + ", but " + package.version.text() + " is locked");
    if (needed_.insert(name).second) next_.push_back(&package);
  }

  const Project* find_local(const std::string& name) const {
    if (!project_.name.empty() && project_.name == name) return &project_;
    for (const auto& one : in_place_)
      if (one.name == name) return &one;
    return nullptr;
  }

  const Project& project_;
  std::span<const Project> in_place_;
  std::map<std::string, const LockedPackage*> packages_;
  std::set<std::string> needed_;
  std::vector<const LockedPackage*> next_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> differences(const Project& project, std::span<const Project> in_place,
                                     const Lock& lock) {
  if (!lock.complete) return {"the lock lacks checksums, registries or requirements; installing adds them"};
  auto found = Comparison(project, in_place, lock).run();
  if (found.empty() && lock.requirements_digest != requirements_digest(project, in_place))
    found.push_back("the requirements of " + wharf::quoted(project.manifest_file) +
                    " have changed since they were locked; what is locked still satisfies them");
  return found;
}

std::vector<std::string> differences(const Project& project, const Lock& lock) {
  return differences(project, {}, lock);
}

}  // namespace wharf::client
