// SPDX-License-Identifier: MIT
// That the operator has taken a package out of sight, since when, and why.
#pragma once

#include <optional>
#include <string>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct Quarantine {
  Time at;
  std::string reason;
  friend bool operator==(const Quarantine&, const Quarantine&) = default;
};

// Reads `packages.quarantined_at` and `quarantine_reason`, which stand in the columns from `first` on.
inline std::optional<Quarantine> quarantine_of(const Rows& row, unsigned first) {
  if (row.is_null(first)) return std::nullopt;
  return Quarantine{row.time(first), row.maybe_text(first + 1).value_or("")};
}

}  // namespace wharf::store
