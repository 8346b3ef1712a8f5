// SPDX-License-Identifier: MIT
// Where packages lie, and what stands beside them while a directory is changed.
#pragma once

#include <string>
#include <string_view>

#include "client/install/install.hpp"

namespace wharf::client {

// Absolute. A project's own directory must be a directory where there is one: throws Error(conflict) for a
// link, which would lead out of the project.
Path packages_directory(const Profile& profile, const Path& project_root);

// Below the packages directory: `NAME`, `NAME/VERSION/NAME-VERSION`, …
Path package_path(const Profile& profile, std::string_view name, const Version& version);

// The tree that is being made, and, once exchanged, the old one; and where the old one waits for a moment on
// file systems that cannot exchange.
Path new_tree(const Path& packages);
Path old_tree(const Path& packages);

// Texts that are to be put in place with the tree; as long as it is there, the change is not ended.
Path pending_file(const Path& packages);
// What was in the way, by the path that it had.
Path aside_directory_in(const Path& packages);

}  // namespace wharf::client
