// SPDX-License-Identifier: MIT
// How a tool reaches the database.
#pragma once

#include "registry/config/config.hpp"
#include "registry/store/connection.hpp"

namespace wharf::admin {

store::ConnectionSettings connection_settings(const Config& config, Config::Role role);

}  // namespace wharf::admin
