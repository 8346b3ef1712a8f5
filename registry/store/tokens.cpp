// SPDX-License-Identifier: MIT
#include "registry/store/tokens.hpp"

namespace wharf::store {

namespace {

ApiToken token_of(const Rows& row) {
  ApiToken token;
  token.id = row.integer(0);
  token.user_id = row.integer(1);
  token.name = row.text(2);
  token.scopes = row.text(3);
  token.packages = row.text(4);
  token.created_at = row.time(5);
  token.expires_at = row.maybe_time(6);
  token.last_used_at = row.maybe_time(7);
  return token;
}

}  // namespace

std::int64_t insert_api_token(Connection& connection, const ApiToken& token, std::string_view digest) {
  connection.execute(
      "INSERT INTO api_tokens (user_id, name, digest, scopes, packages, created_at, expires_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?)",
      token.user_id, token.name, digest, token.scopes, token.packages, token.created_at, token.expires_at);
  return static_cast<std::int64_t>(connection.last_insert_id());
}

std::optional<ApiTokenUser> api_token_with_user(Connection& connection, std::string_view digest) {
  auto rows = connection.query(
      "SELECT t.id, t.user_id, t.name, t.scopes, t.packages, t.created_at, t.expires_at, t.last_used_at,"
      " u.username, u.role, u.disabled_at"
      " FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.digest = ?",
      digest);
  if (!rows.next()) return std::nullopt;
  return ApiTokenUser{token_of(rows), rows.text(8), rows.text(9), !rows.is_null(10)};
}

std::vector<ApiToken> api_tokens_of(Connection& connection, std::int64_t user_id) {
  auto rows = connection.query(
      "SELECT id, user_id, name, scopes, packages, created_at, expires_at, last_used_at FROM api_tokens"
      " WHERE user_id = ? ORDER BY id",
      user_id);
  std::vector<ApiToken> tokens;
  while (rows.next()) tokens.push_back(token_of(rows));
  return tokens;
}

std::optional<std::string> delete_api_token(Connection& connection, std::int64_t id, std::int64_t user_id) {
  std::string name;
  {
    auto rows =
        connection.query("SELECT name FROM api_tokens WHERE id = ? AND user_id = ? FOR UPDATE", id, user_id);
    if (!rows.next()) return std::nullopt;
    name = rows.text(0);
  }
  connection.execute("DELETE FROM api_tokens WHERE id = ? AND user_id = ?", id, user_id);
  return name;
}

std::uint64_t delete_api_tokens_of(Connection& connection, std::int64_t user_id) {
  return connection.execute("DELETE FROM api_tokens WHERE user_id = ?", user_id);
}

void touch_api_token(Connection& connection, std::int64_t id, Time at, Time unless_since) {
  connection.execute(
      "UPDATE api_tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)",
      at, id, unless_since);
}

}  // namespace wharf::store
