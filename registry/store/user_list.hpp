// SPDX-License-Identifier: MIT
// Accounts as an operator looks at them: all of them, with what belongs to each, deleted ones included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct ListedUser {
  std::int64_t id = 0;
  std::string username;
  std::optional<std::string> email;
  std::string role;
  std::optional<Time> disabled_at;
  std::optional<Time> deleted_at;
  Time created_at;
  std::int64_t packages = 0;  // in which the account has a role
  std::int64_t tokens = 0;
  std::int64_t sessions = 0;  // that have not run out
};

// What is not set is not asked for.
struct UserFilter {
  enum class State { existing, enabled, disabled, deleted };
  State state = State::existing;  // all but the deleted ones
  std::optional<std::string> role = {};
  std::optional<std::string> text = {};  // somewhere in the name or the e-mail, folded
  std::optional<Time> since = {};        // registered then or later
};

// By name, at most `limit` of those after the name `after`. One query.
std::vector<ListedUser> list_users(Connection& connection, const UserFilter& filter, std::string_view after,
                                   unsigned limit, Time at);
// Deleted accounts, too.
std::optional<ListedUser> listed_user(Connection& connection, std::string_view username, Time at);

}  // namespace wharf::store
