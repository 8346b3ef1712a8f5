// SPDX-License-Identifier: MIT
// Turns the text behind `Authorization: Bearer` into a Principal: a session token (JWT) or an API token.
//
// One query per call, and no state: what was revoked a moment ago, in whichever worker, does not count any
// more. When an API token was last used is noted at most once a minute.
#pragma once

#include <optional>
#include <string_view>

#include "libwharf/crypto/jwt.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

class Authenticator {
 public:
  Authenticator(store::Database& database, const JwtKeys& keys) : database_(database), keys_(keys) {}

  // Error(unauthorized) for what is no credential of this registry, or none any more;
  // Error(account_disabled).
  Principal authenticate(std::string_view bearer);
  // Nothing in place of these errors; an Error(unavailable) goes through.
  std::optional<Principal> recognize(std::string_view bearer);

 private:
  Principal by_session(std::string_view jwt);
  Principal by_api_token(std::string_view token);
  void note_use(std::int64_t token_id, std::optional<Time> last_used_at, Time at);

  store::Database& database_;
  const JwtKeys& keys_;
};

}  // namespace wharf
