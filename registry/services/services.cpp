// SPDX-License-Identifier: MIT
#include "registry/services/services.hpp"

namespace wharf {

store::ConnectionSettings connection_settings(const Config& config, Config::Role role) {
  const auto configured = database_for(config, role);
  store::ConnectionSettings settings;
  settings.socket = configured.socket.native();
  settings.host = configured.host;
  settings.port = static_cast<unsigned>(configured.port);
  settings.database = configured.name;
  settings.user = configured.user;
  settings.password = configured.password;
  settings.allow_unsafe_durability = configured.allow_unsafe_durability;
  return settings;
}

Services::Services(const Config& config)
    : database(connection_settings(config, Config::Role::worker)),
      keys(load_jwt_keys(config)),
      authenticator(database, keys),
      tokens(database) {}

}  // namespace wharf
