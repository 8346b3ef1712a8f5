// SPDX-License-Identifier: MIT
// Rows of `api_tokens`. The token itself is nowhere: `digest` is the hex SHA-256 of its text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct ApiToken {
  std::int64_t id = 0;
  std::int64_t user_id = 0;
  std::string name;
  std::string scopes;    // names joined by commas
  std::string packages;  // a glob
  Time created_at;
  std::optional<Time> expires_at;
  std::optional<Time> last_used_at;
};

// A token together with its account, in one query.
struct ApiTokenUser {
  ApiToken token;
  std::string username;
  std::string role;
  bool disabled = false;
};

// Returns the new row's id.
std::int64_t insert_api_token(Connection& connection, const ApiToken& token, std::string_view digest);
std::optional<ApiTokenUser> api_token_with_user(Connection& connection, std::string_view digest);
// In the order in which they were made.
std::vector<ApiToken> api_tokens_of(Connection& connection, std::int64_t user_id);
// The name of the token that was deleted; nothing where the account has none with this id. In a transaction.
std::optional<std::string> delete_api_token(Connection& connection, std::int64_t id, std::int64_t user_id);
// All of an account's; returns how many.
std::uint64_t delete_api_tokens_of(Connection& connection, std::int64_t user_id);
// Writes only where the stored time is none or not after `unless_since`, so that many workers write once.
void touch_api_token(Connection& connection, std::int64_t id, Time at, Time unless_since);

}  // namespace wharf::store
