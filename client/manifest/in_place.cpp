// SPDX-License-Identifier: MIT
// Path dependencies, followed.
#include <map>
#include <system_error>

#include "client/manifest/project.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

Path real_path(const Path& path) {
  std::error_code missing;
  Path real = std::filesystem::canonical(path, missing);
  return missing ? path : real;
}

Project project_at(const Profile& profile, const Project& from, const DirectDependency& dependency) {
  const auto refuse = [&](const std::string& problem) {
    throw Error(Code::manifest_invalid, wharf::quoted(from.manifest().native()) + ": dependency " +
                                            wharf::quoted(dependency.name) + " has the path " +
                                            wharf::quoted(dependency.path->native()) + ", but " + problem);
  };
  std::error_code missing;
  if (!std::filesystem::is_directory(*dependency.path, missing)) refuse("there is no such directory");
  auto project = project_in(profile, *dependency.path);
  if (!project) refuse("there is no " + wharf::quoted(profile.manifest_file) + " in it");
  if (project->name != dependency.name)
    refuse("the package there is called " + wharf::quoted(project->name) + "; use that name");
  if (dependency.requirement.empty()) return std::move(*project);
  if (!project->version)
    refuse("the package there has no version; it should satisfy " + wharf::quoted(dependency.written));
  if (const auto requirement = Requirement::from(dependency.requirement);
      requirement && !requirement->matches(*project->version))
    refuse("the version there is " + project->version->text() + ", which does not satisfy " +
           wharf::quoted(dependency.written));
  return std::move(*project);
}

}  // namespace

std::vector<Project> projects_in_place(const Profile& profile, const Project& project) {
  std::vector<Project> found;
  std::map<std::string, Path> directories;  // by name
  const Path root = real_path(project.root);
  const auto follow = [&](const Project& from, bool with_dev) {
    std::vector<Project> next;
    for (const auto& dependency : from.dependencies) {
      if (!dependency.path || dependency.optional || (dependency.dev && !with_dev)) continue;
      Path directory = real_path(*dependency.path);
      if (directory == root) continue;
      const auto [known, is_new] = directories.emplace(dependency.name, directory);
      if (!is_new && known->second != directory)
        throw Error(Code::manifest_invalid,
                    wharf::quoted(from.manifest().native()) + ": dependency " +
                        wharf::quoted(dependency.name) + " has the path " +
                        wharf::quoted(directory.native()) + ", but another manifest takes it from " +
                        wharf::quoted(known->second.native()) + "; a package comes from one place");
      if (is_new) next.push_back(project_at(profile, from, dependency));
    }
    return next;
  };
  found = follow(project, true);
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto next = follow(found[i], false);
    std::move(next.begin(), next.end(), std::back_inserter(found));
  }
  return found;
}

}  // namespace wharf::client
