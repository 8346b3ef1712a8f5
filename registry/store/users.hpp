// SPDX-License-Identifier: MIT
// Rows of `users`. Names and e-mails are handed in folded and checked; the unique keys users_username and
// users_email decide who has them (DatabaseError, duplicate_key). A deleted account keeps its row, which
// holds its name, and is found by nothing here that does not say so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct User {
  std::int64_t id = 0;
  std::string username;
  std::optional<std::string> email;
  std::string password_hash;
  std::string role;  // "user" or "admin"
  std::optional<Time> disabled_at;
  Time created_at;
};

// Returns the new row's id.
std::int64_t insert_user(Connection& connection, const User& user);

std::optional<User> user_by_name(Connection& connection, std::string_view username);
std::optional<User> user_by_email(Connection& connection, std::string_view email);
// Locks the row until the end of the transaction. Whatever adds or ends sessions of an account takes this
// lock first: no session can slip past a change of the password.
std::optional<User> lock_user(Connection& connection, std::int64_t id);

// False where the account is gone.
bool set_password_hash(Connection& connection, std::int64_t id, std::string_view hash, Time at);
void set_role(Connection& connection, std::int64_t id, std::string_view role, Time at);
// Nothing: enabled.
void set_disabled(Connection& connection, std::int64_t id, std::optional<Time> since, Time at);
// Leaves the name and nothing else: no e-mail, no role, `impossible_hash` for a password; disabled, too.
void mark_deleted(Connection& connection, std::int64_t id, std::string_view impossible_hash, Time at);

// A package that an account owns or maintains.
struct UserPackage {
  std::string name;
  std::optional<std::string> latest_version;
  std::string summary;  // what a list shows of it; registry/services/package_document knows its form
  std::string role;     // "owner" or "maintainer"
  std::int64_t downloads = 0;
  bool quarantined = false;  // not to be shown to others
};

// An account as others see it.
struct UserProfile {
  std::int64_t id = 0;
  std::string username;
  std::optional<std::string> email;
  Time created_at;
  std::int64_t total_downloads = 0;   // of all packages that may be shown
  std::vector<UserPackage> packages;  // by name, the first of them
};

enum class Quarantined { shown, left_out };

// At most `most` packages, in three queries however many there are.
std::optional<UserProfile> user_profile(Connection& connection, std::string_view username, Quarantined shown,
                                        std::uint64_t most);

}  // namespace wharf::store
