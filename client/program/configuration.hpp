// SPDX-License-Identifier: MIT
// The user's own settings: ~/.config/wharf/config.toml, or the file that WHARF_CLIENT_CONFIG names. Every key
// may be missing. `wharf config` reads and changes it; a wrong or unknown key is Error(bad_request) that
// names file and key.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/file.hpp"

namespace wharf::client {

struct Configuration {
  std::map<std::string, std::string> registries;  // profile → base URL: `registry.raven`
  unsigned jobs = 8;                              // transfers at once
  std::chrono::seconds timeout{30};               // for an answer to begin, and without a byte in between
  std::optional<Path> ca_file;                    // certificates to trust, in the place of the system's
  std::string color = "auto";
};

struct ConfigurationKey {
  std::string_view name;     // "registry.PROFILE", "jobs"
  std::string_view initial;  // what a missing one means, as text
  std::string_view help;
};
const std::vector<ConfigurationKey>& configuration_keys();

Path configuration_file();
Configuration read_configuration();

// The key's text in the file; nothing where it is missing. Throws UsageError for what is no key.
std::optional<std::string> configured(std::string_view key);
// Changes that key's line alone: comments and order stay. `unset` is false where it was not set.
void configure(std::string_view key, std::string_view value);
bool unset(std::string_view key);

}  // namespace wharf::client
