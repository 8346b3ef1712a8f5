// SPDX-License-Identifier: MIT
// How many packages and versions there are, kept in one row: at a million packages counting takes seconds.
#pragma once

#include <cstdint>

#include "registry/store/connection.hpp"

namespace wharf::store {

// None of them counts what is quarantined.
struct Totals {
  std::int64_t packages = 0;
  std::int64_t versions = 0;  // that are not removed
  std::int64_t listed = 0;    // packages that have a latest version
  bool operator==(const Totals&) const = default;
};

Totals totals(Connection& connection);
// Adds the differences. Only by whoever holds the journal's lock, so that nobody ever waits for this row.
void change_totals(Connection& connection, const Totals& differences);

// The same by counting the rows, which takes long where there are many; to check what is kept.
Totals counted_totals(Connection& connection);

std::int64_t count_users(Connection& connection);

}  // namespace wharf::store
