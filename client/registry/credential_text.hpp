// SPDX-License-Identifier: MIT
// The content of a credentials file, in each language's form (docs/formats/credentials.md):
//   synapse      JSON: {"<registry>": {"token", "username"}, …}
//   raven        JSON: {"token", "username"} for one registry; of ours `registry`, which says for which
//   (without it: the
//                profile's default one), and `others`, in Synapse's form, for those that it has no room for
//   vais, wharf  TOML: a table for each registry: ["<registry>"] token = "…", username = "…"
//
// All throw Error(bad_request) with a sentence without the file's name where the text is not of the form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/registry/credentials.hpp"

namespace wharf::client {

enum class CredentialsForm;

// Which registry an entry belongs to: registry_base() of what is written, without the part that stands for a
// dialect of the same registry (`/synapse`, `/raven`, `/vais`). Nothing where the text is no registry.
std::optional<std::string> base_of(std::string_view registry);

struct CredentialEntry {
  std::string base;  // base_of() what is written
  Credential credential;
  bool operator==(const CredentialEntry&) const = default;
};

// Entries of what is no registry are passed over.
std::vector<CredentialEntry> read_credentials(CredentialsForm form, std::string_view text,
                                              std::string_view default_registry);

// The text with that entry set; everything else means what it did.
std::string with_credential(CredentialsForm form, std::string_view text, std::string_view default_registry,
                            const CredentialEntry& entry);
// The text without that registry's entry; empty where nothing is left.
std::string without_credential(CredentialsForm form, std::string_view text, std::string_view default_registry,
                               std::string_view base);

}  // namespace wharf::client
