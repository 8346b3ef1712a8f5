// SPDX-License-Identifier: MIT
#include "client/lock/lock.hpp"

#include <algorithm>
#include <set>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::client {

namespace {

// A line each, tabs between; docs/formats/lock-file.md.
void add_lines(const Project& project, std::string_view from, bool with_dev,
               std::vector<std::string>& lines) {
  for (const auto& one : project.dependencies) {
    if (one.optional || (one.dev && !with_dev)) continue;
    lines.push_back(std::string(from) + "\t" + (one.dev ? "dev" : "normal") + "\t" + one.name + "\t" +
                    one.requirement + (one.path ? "\tpath\n" : "\n"));
  }
}

// What leads where, over locked packages and projects in place.
class Needs {
 public:
  Needs(const Project& project, std::span<const Project> in_place, const std::vector<LockedPackage>& packages)
      : project_(project) {
    for (const auto& one : in_place) projects_.emplace(one.name, &one);
    for (const auto& one : packages) packages_.emplace(one.name, &one);
  }

  std::set<std::string> without_dev() const {
    std::set<std::string> reached;
    std::vector<std::string> next = wanted_by(project_);
    while (!next.empty()) {
      const std::string name = std::move(next.back());
      next.pop_back();
      if (!reached.insert(name).second) continue;
      if (const auto project = projects_.find(name); project != projects_.end())
        for (auto& wanted : wanted_by(*project->second)) next.push_back(std::move(wanted));
      else if (const auto package = packages_.find(name); package != packages_.end())
        for (const auto& [wanted, requirement] : package->second->dependencies) next.push_back(wanted);
    }
    return reached;
  }

  std::string wanted(const std::string& name) const {
    if (auto text = required(project_, name, true); !text.empty()) return text;
    for (const auto& [from, project] : projects_)
      if (auto text = required(*project, name, false); !text.empty()) return text;
    for (const auto& [from, package] : packages_)
      if (const auto found = package->dependencies.find(name); found != package->dependencies.end())
        return found->second;
    return {};
  }

 private:
  static std::vector<std::string> wanted_by(const Project& project) {
    std::vector<std::string> names;
    for (const auto& one : project.dependencies)
      if (!one.dev && !one.optional) names.push_back(one.name);
    return names;
  }
  static std::string required(const Project& project, std::string_view name, bool with_dev) {
    for (const auto& one : project.dependencies)
      if (one.name == name && !one.optional && (with_dev || !one.dev)) return one.requirement;
    return {};
  }

  const Project& project_;
  std::map<std::string, const Project*> projects_;
  std::map<std::string, const LockedPackage*> packages_;
};

}  // namespace

const LockedPackage* Lock::find(std::string_view name) const {
  const auto found = std::find_if(packages.begin(), packages.end(),
                                  [&](const LockedPackage& package) { return package.name == name; });
  return found == packages.end() ? nullptr : &*found;
}

std::string requirements_digest(const Project& project, std::span<const Project> in_place) {
  std::vector<std::string> lines;
  add_lines(project, "", true, lines);
  for (const auto& one : in_place) add_lines(one, one.name, false, lines);
  std::sort(lines.begin(), lines.end());
  Sha256 digest;
  for (const auto& line : lines) digest.update(line);
  return to_hex(digest.finish());
}

Lock make_lock(const Project& project, std::span<const Project> in_place,
               std::vector<LockedPackage> packages) {
  Lock lock;
  lock.requirements_digest = requirements_digest(project, in_place);
  std::sort(packages.begin(), packages.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  const Needs needs(project, in_place, packages);
  const auto normal = needs.without_dev();
  std::vector<std::string> wanted;
  for (const auto& package : packages) wanted.push_back(needs.wanted(package.name));
  for (std::size_t i = 0; i < packages.size(); ++i) {
    packages[i].wanted = std::move(wanted[i]);
    packages[i].dev = !normal.contains(packages[i].name);
  }
  lock.packages = std::move(packages);
  return lock;
}

}  // namespace wharf::client
