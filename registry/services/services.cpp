// SPDX-License-Identifier: MIT
#include "registry/services/services.hpp"

#include <filesystem>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

// The workers of a machine share it; whoever comes first makes it.
Path slot_directory(const Config& config) {
  const Path directory = config.storage.run / "hash-slots";
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed)
    throw Error(Code::bad_request, "the directory " + wharf::quoted(directory.native()) +
                                       " cannot be made; let storage.run name one that the workers may write to",
                failed.message());
  return directory;
}

}  // namespace

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
      hash_slots(slot_directory(config), static_cast<unsigned>(config.auth.password_hash_slots)),
      authenticator(database, keys),
      accounts(database, keys, hash_slots,
               {.registration_open = config.site.registration_open,
                .session_lifetime = std::chrono::days(config.auth.session_days)}),
      tokens(database) {}

}  // namespace wharf
