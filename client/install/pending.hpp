// SPDX-License-Identifier: MIT
// The files that belong to a change of the tree: written down in the new tree, put in place after it.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "client/install/install.hpp"

namespace wharf::client {

using Say = std::function<void(const std::string&)>;

// Written to `file`, whole or not at all; what each of them holds now is written down too.
void write_pending(const Path& file, const Path& project_root, std::span<const FileChange> files);

// Puts them in place. One that has been changed since it was written down is left as it is, and said: it is
// somebody's work. Doing it again changes nothing.
void put_pending_in_place(const Path& file, const Profile& profile, const Path& project_root, const Say& say);

// Where a change that needs no new tree writes its files down; it is gone when they are in place.
Path pending_in_project(const Path& project_root);
// Such a change: one file by itself is put in place at once.
void change_files(const Profile& profile, const Path& project_root, std::span<const FileChange> files,
                  const Say& say);

}  // namespace wharf::client
