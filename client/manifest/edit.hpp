// SPDX-License-Identifier: MIT
// Changes of a manifest that touch one dependency and nothing else: comments, order, indentation, line ends,
// the way of quoting, and keys that nobody knows stay byte for byte.
//
// The new text is read again, and must say exactly what the old one did but for that dependency. Where that
// cannot be had (a form nobody foresaw), the answer is Error(manifest_invalid) that asks to edit by hand,
// and no text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/manifest/project.hpp"

namespace wharf::client {

// The manifest's text with the dependency in its table (`dev`: the dev dependencies). Where it is there
// already, its requirement alone changes. A new one goes where the order of names puts it, if the names were
// in order, else behind the last. Throws Error(name_invalid), Error(requirement_invalid) too.
std::string with_dependency(const Project& project, const Profile& profile, std::string_view name,
                            std::string_view written_requirement, bool dev);

// The same for a dependency used in place: `path` as it is to be written, relative to the manifest; an empty
// requirement writes none. In a manifest whose dialect knows no such dependencies it is
// Error(manifest_invalid).
std::string with_path_dependency(const Project& project, const Profile& profile, std::string_view name,
                                 std::string_view path, std::string_view written_requirement, bool dev);

// The text without it: in both tables, or in one. Throws Error(not_found) with the nearest name where it is
// not there.
std::string without_dependency(const Project& project, const Profile& profile, std::string_view name,
                               std::optional<bool> dev = std::nullopt);

}  // namespace wharf::client
