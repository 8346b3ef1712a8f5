// SPDX-License-Identifier: MIT
#include "client/solve/workplace.hpp"

#include <cstdlib>
#include <set>
#include <utility>

#include "client/install/install.hpp"
#include "client/program/home.hpp"
#include "client/registry/origin.hpp"
#include "client/solve/lock_graph.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

// Where the user's own packages belong: beside those that projects share, else where programs keep data.
Path global_root(const Profile& profile) {
  if (profile.shares_packages()) return profile.expand(profile.packages_directory, {}).parent_path();
  const char* data = std::getenv("XDG_DATA_HOME");
  const Path base = data && *data == '/' ? Path(data) : home_directory() / ".local/share";
  return base / "wharf" / profile.name;
}

// Without a manifest the lock is all that knows what was once asked for.
std::vector<DirectDependency> once_named(const Lock& lock, Bare bare) {
  std::vector<DirectDependency> dependencies;
  const LockGraph graph(lock);
  for (const auto& name : graph.tops()) {
    const auto& package = *graph.find(name);
    DirectDependency dependency;
    dependency.name = name;
    const auto wanted = Requirement::from(package.wanted, bare);
    dependency.written = wanted ? package.wanted : "^" + package.version.identity();
    dependency.requirement = parse_requirement(dependency.written, bare).portable_text();
    dependencies.push_back(std::move(dependency));
  }
  return dependencies;
}

}  // namespace

Workplace::Workplace(Session the_session, Use use, bool global) : session(std::move(the_session)) {
  const auto& profile = session.profile;
  const auto found = global ? std::nullopt : find_project(profile, session.directory);
  Path root = found ? found->root : session.directory;
  if (global) {
    root = global_root(profile);
    std::error_code ignored;  // what cannot be made cannot be claimed, which says why
    if (use == Use::change) std::filesystem::create_directories(root, ignored);
  }
  if (use == Use::change) claim.emplace(root, [](const auto& text) { command::note(text); });
  finish_interrupted(profile, root, [](const auto& text) { command::note(text); });

  project.root = root;
  project.manifest_file = profile.manifest_file;
  if (found)
    if (auto now = project_in(profile, root)) {
      project = std::move(*now);
      has_manifest = true;
    }
  require_one_manifest();
  lock_file = root / profile.lock_file;
  if (auto text = read_file(lock_file)) {
    lock_text = std::move(*text);
    lock = parse_lock(profile, lock_file, lock_text);
    // The lock says where its packages come from; nobody has to say it again.
    if (session.registry.empty())
      for (const auto& package : lock->packages)
        if (session.registry.empty()) session.registry = package.registry;
    if (!has_manifest) {
      project.manifest_file = profile.lock_file;
      project.dependencies = once_named(*lock, profile.bare);
    }
  }
}

// Which language a directory is of is not guessed where it has manifests of two.
void Workplace::require_one_manifest() const {
  if (!has_manifest ||
      choose_profile(session.arguments.value("--profile"), session.directory).by.find("manifest") ==
          std::string::npos)
    return;
  std::set<std::string> files;
  for (const auto& name : profile_names()) {
    const auto file = find_profile(name).manifest_file;
    std::error_code none;
    if (std::filesystem::is_regular_file(root() / file, none)) files.insert(file);
  }
  if (files.size() < 2) return;
  std::string listed;
  for (const auto& file : files)
    listed += (listed.empty() ? "" : file == *files.rbegin() ? " and " : ", ") + file;
  throw Error(Code::conflict, wharf::quoted(root().native()) + " has " + listed +
                                  "; say which language is meant with --profile or WHARF_PROFILE");
}

void Workplace::require_manifest() const {
  if (!has_manifest)
    throw Error(Code::not_found, "there is no " + wharf::quoted(session.profile.manifest_file) + " in " +
                                     wharf::quoted(root().native()) +
                                     " or above it; `wharf init` makes one, -C DIR goes elsewhere");
}

void Workplace::require_lock() const {
  if (!lock)
    throw Error(Code::not_found, "there is no " + wharf::quoted(session.profile.lock_file) + " in " +
                                     wharf::quoted(root().native()) + "; run `wharf install` first");
}

void Workplace::require_same_registry() const {
  // Who names a registry means that one and no other's package of that name.
  for (const auto& dependency : project.dependencies)
    if (dependency.registry && registry_base(*dependency.registry) != session.registry)
      throw Error(Code::conflict,
                  wharf::quoted(project.manifest_file) + " asks for " + wharf::quoted(dependency.name) +
                      " from the registry " + wharf::quoted(*dependency.registry) +
                      ", but the one that is selected is " + session.registry +
                      "; a project has one registry: select that one with `--registry`, or take the key "
                      "'registry' out of the dependency");
  if (!lock) return;
  for (const auto& package : lock->packages)
    if (!package.registry.empty() && package.registry != session.registry)
      throw Error(Code::conflict,
                  wharf::quoted(session.profile.lock_file) + " has " + wharf::quoted(package.name) +
                      " from " + package.registry + ", but the registry that is selected is " +
                      session.registry + "; a name comes from one registry alone: say `--registry " +
                      package.registry +
                      "`, or, to change to the other one for good, remove the lock file and install anew");
}

std::vector<std::string> Workplace::differences_from_lock(const Asked& asked) const {
  const std::string file = wharf::quoted(session.profile.lock_file);
  if (!lock) return {file + " is missing"};
  if (!lock->complete) return {file + " lacks checksums or registries, which installing adds"};
  if (!has_manifest) return {};
  return differences(asked.project, asked.in_place, *lock);
}

}  // namespace wharf::client
