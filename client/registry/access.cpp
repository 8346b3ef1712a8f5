// SPDX-License-Identifier: MIT
#include "client/registry/access.hpp"

#include "client/program/session.hpp"
#include "client/registry/origin.hpp"

namespace wharf::client {

Http& RegistryAccess::http() const {
  if (!*shared_) shared_->emplace(options);
  return **shared_;
}

HttpOptions http_options_of(const Session& session) {
  const Configuration& configuration = session.configuration;
  HttpOptions options;
  options.stall_timeout = configuration.timeout;
  options.connect_timeout =
      std::min<std::chrono::milliseconds>(options.connect_timeout, configuration.timeout);
  options.connections = configuration.jobs;
  if (configuration.ca_file) options.ca_file = *configuration.ca_file;
  return options;
}

Path cache_of(const Session& session) {
  return session.profile.expand(session.profile.cache_directory, session.directory);
}

RegistryAccess access_of(const Session& session, std::string_view registry) {
  RegistryAccess access;
  access.base = registry_base(registry);
  access.offline = session.offline;
  access.cache = cache_of(session);
  access.jobs = session.configuration.jobs;
  access.options = http_options_of(session);
  return access;
}

RegistryAccess access_of(const Session& session) {
  return access_of(session, session.require_registry());
}

}  // namespace wharf::client
