// SPDX-License-Identifier: MIT
#include "registry/services/principal.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

std::string_view scope_name(Scope scope) {
  constexpr std::string_view k_names[] = {"publish", "yank", "owners"};
  return k_names[static_cast<int>(scope)];
}

std::optional<Scope> scope_from(std::string_view name) {
  for (const Scope scope : k_scopes)
    if (scope_name(scope) == name) return scope;
  return std::nullopt;
}

Principal operator_principal() {
  constexpr std::size_t k_longest = 40;
  std::string name;
  const char* caller = ::getuid() == 0 ? std::getenv("SUDO_USER") : nullptr;
  if (caller != nullptr && *caller != '\0') {
    name = caller;
  } else if (const auto* entry = ::getpwuid(::getuid())) {
    name = entry->pw_name;
  } else {
    name = std::to_string(::getuid());
  }
  std::erase_if(name, [](char c) { return c <= ' ' || c > '~'; });
  Principal principal;
  principal.username = "os:" + name.substr(0, k_longest);
  principal.role = Role::admin;
  principal.credential = Principal::Credential::operating_system;
  return principal;
}

void require_scope(const Principal& principal, Scope scope) {
  if (!principal.is_session() && (principal.scopes & bit_of(scope)) == 0)
    throw Error(Code::scope_missing, "this token lacks the scope " + quoted(scope_name(scope)) +
                                         "; use one that was created with it");
}

void require_scope(const Principal& principal, Scope scope, std::string_view package) {
  require_scope(principal, scope);
  if (!principal.is_session() && !matches_glob(principal.packages, package))
    throw Error(Code::scope_missing, "this token is for packages " + wharf::quoted(principal.packages) +
                                         ", not for " + quoted(package) +
                                         "; use one that was created for it");
}

void require_session(const Principal& principal) {
  if (!principal.is_session())
    throw Error(Code::forbidden,
                "an API token cannot manage accounts and tokens; sign in and use the session's token");
}

void require_operator(const Principal& principal) {
  if (!principal.is_operator())
    throw Error(Code::forbidden, "only the registry's operator may do this, at the command line");
}

}  // namespace wharf
