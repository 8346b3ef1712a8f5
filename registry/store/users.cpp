// SPDX-License-Identifier: MIT
#include "registry/store/users.hpp"

namespace wharf::store {

namespace {

std::optional<User> user_of(Rows rows) {
  if (!rows.next()) return std::nullopt;
  User user;
  user.id = rows.integer(0);
  user.username = rows.text(1);
  user.email = rows.maybe_text(2);
  user.password_hash = rows.text(3);
  user.role = rows.text(4);
  user.disabled_at = rows.maybe_time(5);
  user.created_at = rows.time(6);
  return user;
}

}  // namespace

std::int64_t insert_user(Connection& connection, const User& user) {
  connection.execute(
      "INSERT INTO users (username, email, password_hash, role, disabled_at, created_at, updated_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?)",
      user.username, user.email, user.password_hash, user.role, user.disabled_at, user.created_at,
      user.created_at);
  return static_cast<std::int64_t>(connection.last_insert_id());
}

std::optional<User> user_by_name(Connection& connection, std::string_view username) {
  return user_of(
      connection.query("SELECT id, username, email, password_hash, role, disabled_at, created_at FROM users "
                       "WHERE username = ? AND deleted_at IS NULL",
                       username));
}

std::optional<User> user_by_email(Connection& connection, std::string_view email) {
  return user_of(connection.query(
      "SELECT id, username, email, password_hash, role, disabled_at, created_at FROM users WHERE email = ?",
      email));
}

std::optional<User> lock_user(Connection& connection, std::int64_t id) {
  return user_of(connection.query(
      "SELECT id, username, email, password_hash, role, disabled_at, created_at FROM users WHERE id = ?"
      " AND deleted_at IS NULL FOR UPDATE",
      id));
}

bool set_password_hash(Connection& connection, std::int64_t id, std::string_view hash, Time at) {
  return connection.execute("UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ?", hash, at,
                            id) == 1;
}

void set_role(Connection& connection, std::int64_t id, std::string_view role, Time at) {
  connection.execute("UPDATE users SET role = ?, updated_at = ? WHERE id = ?", role, at, id);
}

void set_disabled(Connection& connection, std::int64_t id, std::optional<Time> since, Time at) {
  connection.execute("UPDATE users SET disabled_at = ?, updated_at = ? WHERE id = ?", since, at, id);
}

void mark_deleted(Connection& connection, std::int64_t id, std::string_view impossible_hash, Time at) {
  connection.execute(
      "UPDATE users SET email = NULL, password_hash = ?, role = 'user',"
      " disabled_at = COALESCE(disabled_at, ?), deleted_at = ?, updated_at = ? WHERE id = ?",
      impossible_hash, at, at, at, id);
}

std::optional<UserProfile> user_profile(Connection& connection, std::string_view username) {
  auto rows = connection.query(
      "SELECT u.id, u.username, u.email, u.created_at, p.name, p.latest_version,"
      " p.summary, o.role, COALESCE(t.total, 0), p.quarantined_at IS NOT NULL"
      " FROM users u LEFT JOIN package_owners o ON o.user_id = u.id LEFT JOIN packages p ON p.id = "
      "o.package_id"
      " LEFT JOIN download_totals t ON t.package_id = p.id"
      " WHERE u.username = ? AND u.deleted_at IS NULL ORDER BY p.name",
      username);
  std::optional<UserProfile> profile;
  while (rows.next()) {
    if (!profile) {
      profile.emplace();
      profile->id = rows.integer(0);
      profile->username = rows.text(1);
      profile->email = rows.maybe_text(2);
      profile->created_at = rows.time(3);
    }
    if (rows.is_null(4)) continue;
    profile->packages.push_back({rows.text(4), rows.maybe_text(5), rows.text(6), rows.text(7),
                                 rows.integer(8), rows.integer(9) != 0});
  }
  return profile;
}

}  // namespace wharf::store
