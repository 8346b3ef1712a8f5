// SPDX-License-Identifier: MIT
// API tokens: made and revoked by a session of their account, by the operator on its behalf, and by nothing
// else (Error(forbidden)), but that each may revoke itself. The token's text is shown once, by what makes it;
// the database holds its digest. Revoking counts from the next request on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

struct TokenRequest {
  std::string name;  // 1–100 characters
  std::vector<std::string> scopes = {"publish", "yank"};
  std::string packages = "*";                        // a glob of 1–64 of `a-z 0-9 . _ - *`
  std::optional<std::int64_t> expires_in_days = {};  // 1–3650; nothing: never
};

struct TokenInfo {
  std::int64_t id = 0;
  std::int64_t user_id = 0;
  std::string name;
  std::vector<std::string> scopes;
  std::string packages;
  Time created_at;
  std::optional<Time> expires_at;
  std::optional<Time> last_used_at;
};

struct NewToken {
  std::string token;
  TokenInfo info;
};

class Tokens {
 public:
  explicit Tokens(store::Database& database) : database_(database) {}

  // Error(bad_request) that names the field which is not of its form.
  NewToken create(const Principal& who, const TokenRequest& wanted, const Origin& origin);
  // In the order in which they were made, those that have run out included.
  std::vector<TokenInfo> list(const Principal& who);
  // Error(not_found), for other people's tokens too.
  void revoke(const Principal& who, std::int64_t id, const Origin& origin);

  // The API token that makes this call, and no other: whoever holds a token may give it up.
  // Error(unauthorized) where it is gone already.
  void revoke_itself(const Principal& who, const Origin& origin);

  // The same by the operator for the account with this name. Error(not_found) where there is none; making one
  // for an account that is disabled is Error(conflict).
  NewToken create_for(const Principal& who, std::string_view username, const TokenRequest& wanted,
                      const Origin& origin);
  std::vector<TokenInfo> list_of(std::string_view username);
  // These, or all where `ids` is empty; all of them or none. Returns those that are gone now.
  std::vector<TokenInfo> revoke_of(const Principal& who, std::string_view username,
                                   const std::vector<std::int64_t>& ids, const Origin& origin);

 private:
  bool remove(const Principal& who, std::int64_t id, const Origin& origin);

  store::Database& database_;
};

}  // namespace wharf
