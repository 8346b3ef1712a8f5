// SPDX-License-Identifier: MIT
#include "registry/store/user_list.hpp"

namespace wharf::store {

namespace {

constexpr std::string_view k_columns =
    "SELECT u.id, u.username, u.email, u.role, u.disabled_at, u.deleted_at, u.created_at,"
    " (SELECT COUNT(*) FROM package_owners o WHERE o.user_id = u.id),"
    " (SELECT COUNT(*) FROM api_tokens t WHERE t.user_id = u.id),"
    " (SELECT COUNT(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > ?)"
    " FROM users u";

ListedUser user_of(const Rows& row) {
  ListedUser user;
  user.id = row.integer(0);
  user.username = row.text(1);
  user.email = row.maybe_text(2);
  user.role = row.text(3);
  user.disabled_at = row.maybe_time(4);
  user.deleted_at = row.maybe_time(5);
  user.created_at = row.time(6);
  user.packages = row.integer(7);
  user.tokens = row.integer(8);
  user.sessions = row.integer(9);
  return user;
}

std::string_view condition_of(UserFilter::State state) {
  switch (state) {
    case UserFilter::State::existing:
      return " AND u.deleted_at IS NULL";
    case UserFilter::State::enabled:
      return " AND u.deleted_at IS NULL AND u.disabled_at IS NULL";
    case UserFilter::State::disabled:
      return " AND u.deleted_at IS NULL AND u.disabled_at IS NOT NULL";
    case UserFilter::State::deleted:
      return " AND u.deleted_at IS NOT NULL";
  }
  return {};
}

// For LIKE … ESCAPE '!'.
std::string anywhere(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace

std::vector<ListedUser> list_users(Connection& connection, const UserFilter& filter, std::string_view after,
                                   unsigned limit, Time at) {
  std::string sql(k_columns);
  std::vector<Parameter> parameters = {parameter(at), parameter(after)};
  sql.append(" WHERE u.username > ?").append(condition_of(filter.state));
  if (filter.role) {
    sql += " AND u.role = ?";
    parameters.push_back(parameter(*filter.role));
  }
  if (filter.text) {
    sql += " AND (CONVERT(u.username USING utf8mb4) LIKE ? ESCAPE '!' OR u.email LIKE ? ESCAPE '!')";
    parameters.insert(parameters.end(), 2, parameter(anywhere(*filter.text)));
  }
  if (filter.since) {
    sql += " AND u.created_at >= ?";
    parameters.push_back(parameter(*filter.since));
  }
  sql += " ORDER BY u.username LIMIT ?";
  parameters.push_back(parameter(limit));
  std::vector<ListedUser> users;
  auto rows = connection.run_query(sql, parameters);
  while (rows.next()) users.push_back(user_of(rows));
  return users;
}

std::optional<ListedUser> listed_user(Connection& connection, std::string_view username, Time at) {
  auto rows = connection.query(std::string(k_columns) + " WHERE u.username = ?", at, username);
  if (!rows.next()) return std::nullopt;
  return user_of(rows);
}

}  // namespace wharf::store
