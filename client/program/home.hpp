// SPDX-License-Identifier: MIT
// Where the client's own files are. HOME decides; without it, the system's list of users does.
#pragma once

#include <string_view>

#include "libwharf/base/file.hpp"

namespace wharf::client {

// Throws Error(bad_request) where nobody knows it.
Path home_directory();
// "~" and "~/x" with the home directory in its place; any other path as it is.
Path with_home(std::string_view path);
// $XDG_CONFIG_HOME/wharf, or ~/.config/wharf.
Path configuration_directory();

}  // namespace wharf::client
