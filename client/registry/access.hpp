// SPDX-License-Identifier: MIT
// How a registry is reached, and where what comes from it is kept. Copies share one connection.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "client/http/http.hpp"
#include "libwharf/base/file.hpp"

namespace wharf::client {

struct Session;

struct RegistryAccess {
  std::string base;      // registry_base(): `https://packages.example.org`, `file:///srv/mirror`
  bool offline = false;  // only what is in the cache; a directory is read all the same
  Path cache;            // the profile's cache directory, absolute
  std::size_t jobs = 8;  // archives fetched at once
  HttpOptions options = {};

  // Made when it is first needed.
  Http& http() const;

 private:
  std::shared_ptr<std::optional<Http>> shared_ = std::make_shared<std::optional<Http>>();
};

// What the session says. Throws UsageError where it names no registry.
RegistryAccess access_of(const Session& session);
// The same settings for another registry: one that a lock names.
RegistryAccess access_of(const Session& session, std::string_view registry);

// Settings alone, for calls beside the index: timeouts, certificates.
HttpOptions http_options_of(const Session& session);

// The profile's cache directory, absolute.
Path cache_of(const Session& session);

}  // namespace wharf::client
