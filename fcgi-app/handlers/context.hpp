// SPDX-License-Identifier: MIT
// What every handler is given: the worker's configuration and services, and who makes the request that is
// being handled. A worker serves one request at a time, so that there is one `principal`.
#pragma once

#include <optional>

#include "registry/config/config.hpp"
#include "registry/services/principal.hpp"
#include "registry/services/services.hpp"

namespace wharf::handlers {

struct App {
  App(const Config& the_config, Services& the_services) : config(the_config), services(the_services) {}

  const Config& config;
  Services& services;

  // Set by authenticate() on every route that is not open to anyone; on those it is empty, whatever was sent.
  std::optional<Principal> principal;
  // It is a fault in the program to ask on a route that is open to anyone.
  const Principal& who() const { return principal.value(); }
};

}  // namespace wharf::handlers
