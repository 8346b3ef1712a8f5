// SPDX-License-Identifier: MIT
#include "registry/store/owners.hpp"

namespace wharf::store {

std::vector<OwnerRow> owners_of(Connection& connection, std::int64_t package_id) {
  std::vector<OwnerRow> all;
  auto rows = connection.query(
      "SELECT u.id, u.username, o.role, o.added_at FROM package_owners o JOIN users u ON u.id = o.user_id"
      " WHERE o.package_id = ? ORDER BY u.username",
      package_id);
  while (rows.next()) all.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.time(3)});
  return all;
}

std::optional<std::vector<OwnerRow>> owners_of_package(Connection& connection, std::string_view package) {
  std::optional<std::vector<OwnerRow>> all;
  auto rows = connection.query(
      "SELECT u.id, u.username, o.role, o.added_at FROM packages p"
      " LEFT JOIN package_owners o ON o.package_id = p.id LEFT JOIN users u ON u.id = o.user_id"
      " WHERE p.name = ? ORDER BY u.username",
      package);
  while (rows.next()) {
    if (!all) all.emplace();
    if (!rows.is_null(0)) all->push_back({rows.integer(0), rows.text(1), rows.text(2), rows.time(3)});
  }
  return all;
}

std::vector<std::string> packages_with_role(Connection& connection, std::int64_t user_id) {
  std::vector<std::string> names;
  auto rows = connection.query(
      "SELECT p.name FROM package_owners o JOIN packages p ON p.id = o.package_id WHERE o.user_id = ?"
      " ORDER BY p.name",
      user_id);
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

void insert_owner(Connection& connection, std::int64_t package_id, std::int64_t user_id,
                  std::string_view role, Time at, std::optional<std::int64_t> added_by) {
  connection.execute(
      "INSERT INTO package_owners (package_id, user_id, role, added_at, added_by) VALUES (?, ?, ?, ?, ?)",
      package_id, user_id, role, at, added_by);
}

void set_owner_role(Connection& connection, std::int64_t package_id, std::int64_t user_id,
                    std::string_view role) {
  connection.execute("UPDATE package_owners SET role = ? WHERE package_id = ? AND user_id = ?", role,
                     package_id, user_id);
}

bool delete_owner(Connection& connection, std::int64_t package_id, std::int64_t user_id) {
  return connection.execute("DELETE FROM package_owners WHERE package_id = ? AND user_id = ?", package_id,
                            user_id) > 0;
}

void delete_other_owners(Connection& connection, std::int64_t package_id, std::int64_t user_id) {
  connection.execute("DELETE FROM package_owners WHERE package_id = ? AND user_id <> ?", package_id, user_id);
}

}  // namespace wharf::store
