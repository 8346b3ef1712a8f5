// SPDX-License-Identifier: MIT
// The package that `pack` and `publish` are about: its files, its archive, and what a careful friend would
// say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/manifest/project.hpp"
#include "client/pack/archive.hpp"
#include "client/program/session.hpp"

namespace wharf::client {

// The session of the folder that PATH names, or of the current one.
Session session_for_path(const command::Arguments& arguments);

// The project of exactly the folder that PATH names, else the one around the session's. Throws
// Error(not_found) that names `init`.
Project project_to_pack(const Session& session);

// What of a project is packed, by the rules of its profile and what `allow` names (file_list.hpp).
PackList list_package_files(const Project& project, const Profile& profile,
                            const std::vector<std::string>& allow);

// Throws Error(forbidden) that names every file which looks like a secret.
void require_no_secrets(const PackList& list);

// Checks the manifest, packs, and has the registry's own reader accept it. Throws what that would refuse.
PackedArchive pack_project(const Project& project, const Profile& profile, const PackList& list);

// What goes into the archive of a project of that name and version, before its own path: "" or
// "NAME-VERSION".
std::string archive_top(const Project& project, const Profile& profile);

void print_files(const PackList& list);

// What is no fault, and could be better: a line each, as notes.
void give_hints(const Project& project, const PackList& list, const PackedArchive& packed);

}  // namespace wharf::client
