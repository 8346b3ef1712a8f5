// SPDX-License-Identifier: MIT
#include "client/manifest/workspace.hpp"

#include <algorithm>
#include <system_error>

#include "client/profile/profile.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/manifest_dependencies.hpp"

namespace wharf::client {

bool Workspace::take(const ManifestSection& manifest, const std::string& file, const Path& directory) {
  if (!manifest.has("workspace")) return false;
  const ManifestReading reading = reading_of(profile_, file);
  const ManifestForm form{reading.dialect, reading.bare, reading.toml};
  file_ = directory / file;
  const ManifestSection workspace = manifest.table("workspace");
  for (const auto& entry : read_dependency_table(workspace, "dependencies", form, ReadFor::consuming)) {
    if (entry.workspace)
      workspace.refuse("dependencies." + entry.dependency.name, "cannot say 'workspace = true' itself");
    DirectDependency dependency;
    dependency.name = entry.dependency.name;
    dependency.requirement = entry.dependency.requirement;
    dependency.written = entry.written;
    if (entry.path) dependency.path = absolute_path(directory, *entry.path);
    dependency.git = entry.git;
    dependencies_.push_back(std::move(dependency));
  }
  return true;
}

void Workspace::find() {
  looked_ = true;
  if (take(manifest_, project_.manifest_file, project_.root)) return;
  std::vector<std::string> names = profile_.other_manifests;
  names.insert(names.begin(), profile_.manifest_file);
  for (Path directory = project_.root; directory != directory.parent_path();) {
    directory = directory.parent_path();
    for (const auto& name : names) {
      std::error_code unreadable;
      if (!std::filesystem::is_regular_file(directory / name, unreadable)) continue;
      const auto text = read_file(directory / name, 1 << 20);
      if (!text) continue;
      const auto document = read_manifest_document(name, reading_of(profile_, name).toml, *text);
      if (take(ManifestSection(name, "", document.root()), name, directory)) return;
    }
  }
}

void Workspace::fill_in(DirectDependency& dependency) {
  if (!looked_) find();
  const auto refuse = [&](const std::string& problem) {
    throw Error(Code::manifest_invalid, wharf::quoted(project_.manifest_file) + ": dependency " +
                                            wharf::quoted(dependency.name) +
                                            " says 'workspace = true', but " + problem);
  };
  if (!file_) refuse("no manifest in this directory or above it has a table 'workspace'");
  const auto found = std::find_if(dependencies_.begin(), dependencies_.end(),
                                  [&](const auto& one) { return one.name == dependency.name; });
  if (found == dependencies_.end())
    refuse("'workspace.dependencies' of " + wharf::quoted(file_->native()) + " does not have it");
  dependency.requirement = found->requirement;
  dependency.written = found->written;
  dependency.path = found->path;
  dependency.git = found->git;
}

}  // namespace wharf::client
