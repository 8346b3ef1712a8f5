// SPDX-License-Identifier: MIT
// Session tokens: JWT (RFC 7519) in compact form, HS256 and nothing else. Claims: sub (user id as text), jti,
// iat, exp in seconds. The first key signs; all verify (rotation). A token with another `alg`, another `typ`
// than JWT, unknown critical headers, duplicate or missing claims, or of more than 1 KiB, is not one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/time.hpp"

namespace wharf {

struct SessionClaims {
  std::string subject;
  std::string id;  // jti
  Time issued_at;
  Time expires_at;
};

class JwtKeys {
 public:
  // Each at least 32 bytes; throws internal_error otherwise.
  explicit JwtKeys(std::vector<std::string> keys);
  std::string sign(const SessionClaims& claims) const;
  // Nothing where the signature does not fit, the form is wrong, or it ran out before `at`.
  std::optional<SessionClaims> verify(std::string_view token, Time at) const;

 private:
  std::vector<std::string> keys_;
};

}  // namespace wharf
