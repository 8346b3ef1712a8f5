// SPDX-License-Identifier: MIT
#include "registry/store/reserved_names.hpp"

namespace wharf::store {

namespace {

ReservedName reserved_of(const Rows& row) {
  return {row.text(0), row.maybe_text(1), row.text(2), row.time(3)};
}

}  // namespace

std::optional<ReservedName> hold_reserved_name(Connection& connection, std::string_view confusion_key) {
  auto rows = connection.query(
      "SELECT name, reason, reserved_by, reserved_at FROM reserved_names WHERE confusion_key = ?"
      " LOCK IN SHARE MODE",
      confusion_key);
  if (!rows.next()) return std::nullopt;
  return reserved_of(rows);
}

std::vector<ReservedName> reserved_names(Connection& connection, std::string_view after, unsigned limit) {
  std::vector<ReservedName> all;
  auto rows = connection.query(
      "SELECT name, reason, reserved_by, reserved_at FROM reserved_names WHERE name > ? ORDER BY name LIMIT "
      "?",
      after, limit);
  while (rows.next()) all.push_back(reserved_of(rows));
  return all;
}

void insert_reserved_name(Connection& connection, const ReservedName& name, std::string_view confusion_key) {
  connection.execute(
      "INSERT INTO reserved_names (confusion_key, name, reason, reserved_by, reserved_at) VALUES (?, ?, ?, "
      "?, ?)",
      confusion_key, name.name, name.reason, name.reserved_by, name.reserved_at);
}

bool delete_reserved_name(Connection& connection, std::string_view name) {
  return connection.execute("DELETE FROM reserved_names WHERE name = ?", name) > 0;
}

}  // namespace wharf::store
