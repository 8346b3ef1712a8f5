// SPDX-License-Identifier: MIT
#include "admin-tools/common/database.hpp"

namespace wharf::admin {

store::ConnectionSettings connection_settings(const Config& config, Config::Role role) {
  const auto database = database_for(config, role);
  return {database.socket.native(),
          database.host,
          static_cast<unsigned>(database.port),
          database.name,
          database.user,
          database.password,
          database.allow_unsafe_durability};
}

}  // namespace wharf::admin
