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
  // Workers have the right to these columns alone: no account that they make is more than a user's.
  if (user.role == "user" && !user.disabled_at)
    connection.execute(
        "INSERT INTO users (username, email, password_hash, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
        user.username, user.email, user.password_hash, user.created_at, user.created_at);
  else
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

std::optional<UserProfile> user_profile(Connection& connection, std::string_view username, Quarantined shown,
                                        std::uint64_t most) {
  const auto user = user_by_name(connection, username);
  if (!user) return std::nullopt;
  UserProfile profile{user->id, user->username, user->email, user->created_at, 0, {}};
  const std::string mine = std::string(" FROM package_owners o JOIN packages p ON p.id = o.package_id") +
                           (shown == Quarantined::shown ? "" : " AND p.quarantined_at IS NULL");
  auto sum = connection.query("SELECT CAST(COALESCE(SUM(t.total), 0) AS SIGNED)" + mine +
                                  " JOIN download_totals t ON t.package_id = p.id WHERE o.user_id = ?",
                              user->id);
  if (sum.next()) profile.total_downloads = sum.integer(0);
  // The summaries are large; sorted are the names alone.
  auto rows = connection.query(
      "SELECT p.name, p.latest_version, p.summary, held.role, COALESCE(t.total, 0),"
      " p.quarantined_at IS NOT NULL FROM (SELECT p.id, o.role" +
          mine +
          " WHERE o.user_id = ? ORDER BY p.name LIMIT ?) held JOIN packages p ON p.id = held.id"
          " LEFT JOIN download_totals t ON t.package_id = p.id ORDER BY p.name",
      user->id, most);
  while (rows.next())
    profile.packages.push_back({rows.text(0), rows.maybe_text(1), rows.text(2), rows.text(3), rows.integer(4),
                                rows.integer(5) != 0});
  return profile;
}

}  // namespace wharf::store
