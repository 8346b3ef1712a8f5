// SPDX-License-Identifier: MIT
// What an installation needs on disk before anything starts.
#pragma once

#include <string>
#include <vector>

#include "registry/config/config.hpp"

namespace wharf::admin {

// Writes a configuration of defaults, each key with its description, where `file` names one that is not
// there; its session key will stand beside it. True where it was written.
bool init_config_file(const Path& file);

// Makes the folders of [storage] and a session key of 32 random bytes (mode 0600) where auth.jwt_key_file
// names one and none is there. What exists is left as it is. Returns a line for each thing that was made.
std::vector<std::string> init_installation(const Config& config);

}  // namespace wharf::admin
