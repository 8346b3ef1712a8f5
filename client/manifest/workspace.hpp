// SPDX-License-Identifier: MIT
// `workspace = true`: the dependency is what the workspace's manifest says under `workspace.dependencies`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/manifest/project.hpp"
#include "libwharf/package/manifest_section.hpp"

namespace wharf::client {

// The path as `beside` sees it, without `.`, `..` and a slash at its end.
Path absolute_path(const Path& beside, const std::string& written);

class Workspace {
 public:
  // `manifest` is the project's own; nothing is read until it is needed.
  Workspace(const Profile& profile, const Project& project, const ManifestSection& manifest)
      : profile_(profile), project_(project), manifest_(manifest) {}

  // Requirement and path of a dependency that leaves them to the workspace: the project's own manifest if it
  // has a table `workspace`, else the nearest above it that has one. Throws Error(manifest_invalid).
  void fill_in(DirectDependency& dependency);

 private:
  void find();
  bool take(const ManifestSection& manifest, const std::string& file, const Path& directory);

  const Profile& profile_;
  const Project& project_;
  const ManifestSection& manifest_;
  bool looked_ = false;
  std::optional<Path> file_;  // of the workspace's manifest
  std::vector<DirectDependency> dependencies_;
};

}  // namespace wharf::client
