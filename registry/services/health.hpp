// SPDX-License-Identifier: MIT
// Whether this machine can serve: its database, its storage, and its clerk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "registry/config/config.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

struct Health {
  bool database = false;  // answers
  bool storage = false;   // blobs and staging can be written, and have room for an archive
  bool clerk = false;     // has given a sign of life in the last seconds
  std::optional<std::int64_t>
      lag_events;                      // events that the public tree does not show yet; nothing where unknown
  std::optional<std::int64_t> lag_ms;  // how long the oldest of them has waited
  bool all() const { return database && storage && clerk; }
};

// Never throws: what cannot be looked at is not well.
Health look_at_health(store::Database& database, const Config::Storage& storage,
                      VisibilityReader& visibility);

}  // namespace wharf
