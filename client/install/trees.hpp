// SPDX-License-Identifier: MIT
// The two kinds of packages directories, behind install.hpp.
#pragma once

#include <span>
#include <vector>

#include "client/install/install.hpp"
#include "client/install/pending.hpp"
#include "client/install/strangers.hpp"

namespace wharf::client {

// A project's own: made whole beside, and exchanged.
InstallReport put_in_own_tree(const Profile& profile, const Path& project_root,
                              std::span<const ToInstall> packages, const InstallOptions& options);
// Shared by projects: gains versions.
InstallReport put_in_shared_tree(const Profile& profile, const Path& project_root,
                                 std::span<const ToInstall> packages, const InstallOptions& options);

// The records of a packages directory, with where their packages lie.
std::vector<RecordedPackage> recorded_packages(const Profile& profile, const Path& packages);

// Whether this is what the record says, and lies there whole.
bool is_installed(const Profile& profile, const Path& packages, const ToInstall& package);

// What a link at `place` to the directory says: a relative path, so that a project and what lies beside it
// can be moved together.
Path link_to(const Path& directory, const Path& place);

// From the exchange on: files in place, strangers moved, the old tree removed. Whatever of it was done
// already is not done again.
void end_change(const Profile& profile, const Path& project_root, const Path& packages, const Say& say);

}  // namespace wharf::client
