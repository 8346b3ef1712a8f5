// SPDX-License-Identifier: MIT
// API tokens: made and revoked by a session of their account, and by nothing else (Error(forbidden)). The
// token's text is shown once, by create(); the database holds its digest. Revoking counts from the next
// request on.
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

 private:
  store::Database& database_;
};

}  // namespace wharf
