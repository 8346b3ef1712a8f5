// SPDX-License-Identifier: MIT
// The rows of `imported`: what came from another registry, and as what it is here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

// A thing of another registry. Ids are at most 80 ASCII characters.
struct ForeignKey {
  enum class Kind { user, token, package, version };
  std::string dialect;  // "synapse", "raven", "vais"
  Kind kind = Kind::user;
  std::string id;
};

struct ImportedRow {
  std::int64_t local_id = 0;
  std::uint64_t downloads = 0;  // versions: what it had there when it was last looked at
  bool yanked = false;
};

std::optional<ImportedRow> find_imported(Connection& connection, const ForeignKey& key);
// The same, locked until the transaction ends.
std::optional<ImportedRow> lock_imported(Connection& connection, const ForeignKey& key);
// A thing that was imported already is DatabaseError(duplicate_key) with PRIMARY.
void insert_imported(Connection& connection, const ForeignKey& key, std::int64_t local_id, Time at);
void set_imported_downloads(Connection& connection, const ForeignKey& key, std::uint64_t downloads);
void set_imported_yanked(Connection& connection, const ForeignKey& key, bool yanked);

std::map<std::string, ImportedRow> find_imported(Connection& connection, std::string_view dialect,
                                                 ForeignKey::Kind kind, const std::vector<std::string>& ids);

// Adds to a version's downloads on days (2026-01-31), and to every figure that is a sum of them.
void add_downloads(Connection& connection, std::int64_t package_id, std::int64_t version_id,
                   const std::map<std::string, std::uint64_t>& days);

}  // namespace wharf::store
