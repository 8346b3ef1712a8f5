// SPDX-License-Identifier: MIT
// The dependency tables of a manifest, for its publisher and for its consumer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libwharf/package/manifest.hpp"
#include "libwharf/package/manifest_file.hpp"

namespace wharf {

// A publisher's dependencies must be installable by others: one with `path`, `git` or `workspace` and without
// a version is Error(dependency_not_publishable). A consumer takes it, with an empty requirement.
enum class ReadFor { publishing, consuming };

struct WrittenDependency {
  Dependency dependency;
  std::string written;              // the requirement as it stands there; empty where there is none
  std::optional<std::string> path;  // as it stands there; read for consuming alone, like the next two
  bool git = false;
  std::optional<std::string> registry;  // read for consuming alone
  bool workspace = false;               // what it is stands in the workspace's manifest
};

// Normal ones, then dev ones, each sorted by name. Throws Error(manifest_invalid) with file and key.
std::vector<WrittenDependency> read_dependencies(const ManifestSection& root, const ManifestForm& form,
                                                 bool flat, ReadFor purpose);

// One table of dependencies under `key` of `parent`, in its order: `workspace.dependencies`, for one.
std::vector<WrittenDependency> read_dependency_table(const ManifestSection& parent, std::string_view key,
                                                     const ManifestForm& form, ReadFor purpose);

}  // namespace wharf
