// SPDX-License-Identifier: MIT
#include "registry/store/sessions.hpp"

namespace wharf::store {

void insert_session(Connection& connection, const Session& session) {
  connection.execute("INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
                     session.id, session.user_id, session.created_at, session.expires_at);
}

std::optional<SessionUser> session_with_user(Connection& connection, std::string_view id) {
  auto rows = connection.query(
      "SELECT s.id, s.user_id, s.created_at, s.expires_at, u.username, u.role, u.disabled_at"
      " FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ?",
      id);
  if (!rows.next()) return std::nullopt;
  SessionUser found;
  found.session = {rows.text(0), rows.integer(1), rows.time(2), rows.time(3)};
  found.username = rows.text(4);
  found.role = rows.text(5);
  found.disabled = !rows.is_null(6);
  return found;
}

bool delete_session(Connection& connection, std::string_view id) {
  return connection.execute("DELETE FROM sessions WHERE id = ?", id) == 1;
}

std::uint64_t delete_other_sessions(Connection& connection, std::int64_t user_id, std::string_view keep) {
  return connection.execute("DELETE FROM sessions WHERE user_id = ? AND id <> ?", user_id, keep);
}

std::uint64_t delete_sessions_of(Connection& connection, std::int64_t user_id) {
  return connection.execute("DELETE FROM sessions WHERE user_id = ?", user_id);
}

std::uint64_t delete_expired_sessions(Connection& connection, Time at, unsigned limit) {
  return connection.execute("DELETE FROM sessions WHERE expires_at < ? ORDER BY expires_at LIMIT ?", at,
                            limit);
}

}  // namespace wharf::store
