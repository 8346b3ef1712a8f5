// SPDX-License-Identifier: MIT
// Rows of `sessions`: the session tokens that still count, by their `jti`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct Session {
  std::string id;  // 22 characters
  std::int64_t user_id = 0;
  Time created_at;
  Time expires_at;
};

// A session together with its account, in one query.
struct SessionUser {
  Session session;
  std::string username;
  std::string role;
  bool disabled = false;
};

void insert_session(Connection& connection, const Session& session);
std::optional<SessionUser> session_with_user(Connection& connection, std::string_view id);
// False where it was gone already.
bool delete_session(Connection& connection, std::string_view id);
// All of an account's but the one to keep; returns how many.
std::uint64_t delete_other_sessions(Connection& connection, std::int64_t user_id, std::string_view keep);
// All of an account's; returns how many.
std::uint64_t delete_sessions_of(Connection& connection, std::int64_t user_id);
// At most `limit` of those that ran out before `at`.
std::uint64_t delete_expired_sessions(Connection& connection, Time at, unsigned limit);

}  // namespace wharf::store
