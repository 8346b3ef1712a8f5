// SPDX-License-Identifier: MIT
// The forms of credential_text.hpp, one by one. Between these files alone.
#pragma once

#include "client/registry/credential_text.hpp"
#include "libwharf/json/value.hpp"

namespace wharf::client {

// Adds the entries of an object that maps registries to {token, username}.
void read_entries(json::Value registries, std::vector<CredentialEntry>& out);

std::vector<CredentialEntry> read_raven(json::Value root, std::string_view default_registry);
// A null entry removes that of `base`.
std::string change_synapse(json::Value root, std::string_view base, const Credential* credential);
std::string change_raven(json::Value root, std::string_view default_registry, std::string_view base,
                         const Credential* credential);

std::string change_toml(std::string_view text, std::string_view base, const Credential* credential);

}  // namespace wharf::client
