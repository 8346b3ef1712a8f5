// SPDX-License-Identifier: MIT
// What `init` writes: for each language what its own documents say, and nothing that a registry would refuse.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/manifest/project.hpp"

namespace wharf::client {

struct NewProject {
  std::string name;  // must be a package name
  std::string version = "0.1.0";
  std::string description = {};  // empty: a sentence with the name, where the language needs one, else none
  std::string license = "MIT";
  std::vector<std::string> authors = {};
};

// The text of `profile.manifest_file`. It can be published as it is. Throws Error(name_invalid),
// Error(version_invalid).
std::string new_manifest_text(const Profile& profile, const NewProject& project);

// The other files that a new project of the profile begins with: paths relative to it, and contents.
std::vector<std::pair<Path, std::string>> new_project_files(const Profile& profile,
                                                            const NewProject& project);

// A package name made of a directory's: folded, what may not stand in a name becomes '-'; `my-package` where
// nothing is left.
std::string name_for_directory(const Path& directory);

}  // namespace wharf::client
