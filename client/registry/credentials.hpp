// SPDX-License-Identifier: MIT
// Who one is at which registry: the profile's credentials file, in its language's own form.
//
// An entry belongs to one registry: exactly its origin (scheme, host, port) and path. The file is written by
// rename with mode 0600, in a directory that is made with 0700; entries of other registries and keys that are
// not known stay as they are. A link is followed, not replaced.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libwharf/base/file.hpp"

namespace wharf::client {

struct Profile;

struct Credential {
  std::string token;
  std::string username;  // may be empty: not every form has it
  bool operator==(const Credential&) const = default;
};

// The file of the profile, absolute.
Path credentials_file(const Profile& profile);

// Nothing where there is none, or no file. Throws Error(bad_request) where the file cannot be understood.
std::optional<Credential> find_credential(const Profile& profile, std::string_view registry);
// Throws Error(bad_request) for a token that could not stand in a header, and for a registry that is a
// directory.
void store_credential(const Profile& profile, std::string_view registry, const Credential& credential);
// False where there was none.
bool remove_credential(const Profile& profile, std::string_view registry);

// The token for the registry that was selected: WHARF_TOKEN from the environment, else the file's; empty:
// signed out. Throws Error(bad_request) where it could not stand in a header.
std::string token_for(const Profile& profile, std::string_view registry);

}  // namespace wharf::client
