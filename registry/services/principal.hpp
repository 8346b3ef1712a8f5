// SPDX-License-Identifier: MIT
// Who makes a request: a signed-in user, by a session (which may do all that the user may) or by an API token
// (which may do less), made only by the Authenticator; or the operator at the command line, who is no user of
// the registry and may change every package.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libwharf/base/time.hpp"

namespace wharf {

enum class Role { user, admin };
enum class Scope { publish, yank, owners };
inline constexpr Scope k_scopes[] = {Scope::publish, Scope::yank, Scope::owners};

constexpr unsigned bit_of(Scope scope) {
  return 1u << static_cast<unsigned>(scope);
}
std::string_view scope_name(Scope scope);
std::optional<Scope> scope_from(std::string_view name);

struct Principal {
  enum class Credential { session, api_token, operating_system };
  std::int64_t user_id = 0;
  std::string username;
  Role role = Role::user;
  Credential credential = Credential::session;
  std::string session_id;     // sessions: the jti
  std::int64_t token_id = 0;  // API tokens
  std::optional<Time> expires_at;
  unsigned scopes = ~0u;       // api tokens: bits of Scope
  std::string packages = "*";  // api tokens: a glob over package names
  bool is_session() const { return credential == Credential::session; }
  bool is_operator() const { return credential == Credential::operating_system; }
};

// The operating system's user who runs this program, as `os:NAME`, which no user of the registry can be
// called; below sudo, the user who called it. `user_id` is 0.
Principal operator_principal();

// Where a request comes from, and why, for the audit log.
struct Origin {
  std::string address;
  std::string request_id;
  std::optional<std::string> reason = {};  // what an operator gave with --reason
};

// Throws Error(scope_missing), status 403, where the credential does not reach that far. Rights of ownership
// are another matter, and are checked in the transaction.
void require_scope(const Principal& principal, Scope scope, std::string_view package);
// The same while the package is not known yet.
void require_scope(const Principal& principal, Scope scope);
// Throws Error(forbidden) for API tokens: accounts, sessions and tokens are managed with a session alone. (An
// API token may end itself: Tokens::revoke_itself.)
void require_session(const Principal& principal);
// Throws Error(forbidden) for everyone but the operator: what the command-line tools alone may.
void require_operator(const Principal& principal);

}  // namespace wharf
