// SPDX-License-Identifier: MIT
// The schema, as numbered files of sql/schema/ that are embedded in the programs. A migration that was
// applied is never changed: its digest is kept and compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct Migration {
  int number;
  std::string_view name;  // "create_registry"
  std::string_view sql;
};

// Embedded, in order: 1, 2, 3 …
const std::vector<Migration>& migrations();

// Applies what is missing, in order, under a lock that keeps a second one out; returns the numbers applied.
// DDL commits by itself in MySQL, so a migration that fails half-way leaves its number unrecorded and is
// reported by name.
std::vector<int> migrate(Connection& connection);

// What migrate() would apply; changes nothing. Throws as migrate() does where the schema is newer or another
// one.
std::vector<Migration> pending_migrations(Connection& connection);

// Throws Error(unavailable) where the database has another schema than this program was built for.
void require_current_schema(Connection& connection);

}  // namespace wharf::store
