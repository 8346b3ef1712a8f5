// SPDX-License-Identifier: MIT
#include "registry/store/imported.hpp"

namespace wharf::store {

namespace {

std::string_view kind_name(ForeignKey::Kind kind) {
  constexpr std::string_view k_names[] = {"user", "token", "package", "version"};
  return k_names[static_cast<int>(kind)];
}

std::optional<ImportedRow> imported_of(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return ImportedRow{rows.integer(0), static_cast<std::uint64_t>(rows.integer(1)), rows.integer(2) != 0};
}

}  // namespace

std::optional<ImportedRow> find_imported(Connection& connection, const ForeignKey& key) {
  return imported_of(
      connection.query("SELECT local_id, downloads, yanked FROM imported"
                       " WHERE dialect = ? AND kind = ? AND foreign_id = ?",
                       key.dialect, kind_name(key.kind), key.id));
}

std::optional<ImportedRow> lock_imported(Connection& connection, const ForeignKey& key) {
  return imported_of(
      connection.query("SELECT local_id, downloads, yanked FROM imported"
                       " WHERE dialect = ? AND kind = ? AND foreign_id = ? FOR UPDATE",
                       key.dialect, kind_name(key.kind), key.id));
}

void insert_imported(Connection& connection, const ForeignKey& key, std::int64_t local_id, Time at) {
  connection.execute(
      "INSERT INTO imported (dialect, kind, foreign_id, local_id, imported_at) VALUES (?, ?, ?, ?, ?)",
      key.dialect, kind_name(key.kind), key.id, local_id, at);
}

void set_imported_downloads(Connection& connection, const ForeignKey& key, std::uint64_t downloads) {
  connection.execute("UPDATE imported SET downloads = ? WHERE dialect = ? AND kind = ? AND foreign_id = ?",
                     downloads, key.dialect, kind_name(key.kind), key.id);
}

void set_imported_yanked(Connection& connection, const ForeignKey& key, bool yanked) {
  connection.execute("UPDATE imported SET yanked = ? WHERE dialect = ? AND kind = ? AND foreign_id = ?",
                     yanked ? 1 : 0, key.dialect, kind_name(key.kind), key.id);
}

}  // namespace wharf::store
