// SPDX-License-Identifier: MIT
#include "registry/services/services.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

// What root makes, the workers could not add to: it is given to whom the folder above belongs to.
void hand_down(const Path& directory) {
  struct stat above {};
  if (::stat(directory.parent_path().c_str(), &above) != 0 ||
      ::chown(directory.c_str(), above.st_uid, above.st_gid) != 0 ||
      ::chmod(directory.c_str(), above.st_mode & 0775) != 0)
    throw system_error("handing down the rights of", directory.native());
}

}  // namespace

Path hash_slot_directory(const Config& config) {
  const Path directory = config.storage.run / "hash-slots";
  std::error_code failed;
  if (std::filesystem::create_directories(directory, failed) && ::geteuid() == 0) hand_down(directory);
  if (failed)
    throw Error(Code::bad_request,
                "the directory " + wharf::quoted(directory.native()) +
                    " cannot be made; let storage.run name one that the workers may write to",
                failed.message());
  return directory;
}

Publishing::Rules publishing_rules(const Config& config) {
  Publishing::Rules rules;
  rules.archive.packed_bytes = std::uint64_t{static_cast<unsigned>(config.publish.max_archive_mib)} << 20;
  rules.archive.allow_non_ascii_paths = config.publish.allow_non_ascii_paths;
  rules.archive.manifest_names = config.publish.manifests;
  rules.reserved_names = config.publish.reserved_names;
  rules.quotas = quota_rules(config);
  rules.longest_wait = std::chrono::milliseconds(config.clerk.wait_ms);
  return rules;
}

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
      hash_slots(hash_slot_directory(config), static_cast<unsigned>(config.auth.password_hash_slots)),
      authenticator(database, keys),
      accounts(database, keys, hash_slots,
               {.registration_open = config.site.registration_open,
                .session_lifetime = std::chrono::days(config.auth.session_days)}),
      tokens(database),
      blobs(config.storage.blobs),
      visibility(config.clerk.state, config.clerk.socket),
      catalogue(database),
      listings(database),
      statistics(database),
      trending(database),
      search(database, config.storage.search),
      publishing(database, blobs, visibility, publishing_rules(config)),
      yanking(database, visibility, std::chrono::milliseconds(config.clerk.wait_ms), quota_rules(config)),
      removal(database, visibility, std::chrono::hours(config.publish.removal_hours),
              std::chrono::milliseconds(config.clerk.wait_ms)),
      owners(database, visibility, std::chrono::milliseconds(config.clerk.wait_ms)) {}

}  // namespace wharf
