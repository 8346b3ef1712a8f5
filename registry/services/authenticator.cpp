// SPDX-License-Identifier: MIT
#include "registry/services/authenticator.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/token.hpp"
#include "registry/store/sessions.hpp"
#include "registry/store/tokens.hpp"

namespace wharf {

namespace {

constexpr std::chrono::minutes k_between_notes{1};

// Why exactly is nobody's business but the operator's.
Error not_a_credential(const char* detail) {
  return Error(Code::unauthorized, "the token is not valid, has run out or was revoked; sign in again",
               detail);
}

void require_enabled(bool disabled) {
  if (disabled) throw Error(Code::account_disabled, "this account is disabled; ask the registry's operator");
}

}  // namespace

Principal Authenticator::authenticate(std::string_view bearer) {
  const bool is_api_token = bearer.starts_with("wharf_") || looks_like_vais_token(bearer);
  return is_api_token ? by_api_token(bearer) : by_session(bearer);
}

std::optional<Principal> Authenticator::recognize(std::string_view bearer) {
  try {
    return authenticate(bearer);
  } catch (const Error& error) {
    if (error.code() == Code::unauthorized || error.code() == Code::account_disabled) return std::nullopt;
    throw;
  }
}

Principal Authenticator::by_session(std::string_view jwt) {
  const Time at = now();
  const auto claims = keys_.verify(jwt, at);
  if (!claims) throw not_a_credential("no token of ours");
  const auto found =
      database_.read([&](store::Connection& c) { return store::session_with_user(c, claims->id); });
  if (!found) throw not_a_credential("the session has ended");
  if (std::to_string(found->session.user_id) != claims->subject)
    throw not_a_credential("the session is another account's");
  if (found->session.expires_at <= at) throw not_a_credential("the session has run out");
  require_enabled(found->disabled);
  Principal principal;
  principal.user_id = found->session.user_id;
  principal.username = found->username;
  principal.role = found->role == "admin" ? Role::admin : Role::user;
  principal.session_id = found->session.id;
  principal.expires_at = found->session.expires_at;
  return principal;
}

Principal Authenticator::by_api_token(std::string_view token) {
  if (!looks_like_api_token(token) && !looks_like_vais_token(token))
    throw not_a_credential("not of an API token's form");
  const Time at = now();
  const auto digest = to_hex(api_token_digest(token));
  const auto found =
      database_.read([&](store::Connection& c) { return store::api_token_with_user(c, digest); });
  if (!found) throw not_a_credential("no such API token");
  if (found->token.expires_at && *found->token.expires_at <= at)
    throw not_a_credential("the API token has run out");
  require_enabled(found->disabled);
  note_use(found->token.id, found->token.last_used_at, at);
  Principal principal;
  principal.user_id = found->token.user_id;
  principal.username = found->username;
  principal.role = found->role == "admin" ? Role::admin : Role::user;
  principal.credential = Principal::Credential::api_token;
  principal.token_id = found->token.id;
  principal.expires_at = found->token.expires_at;
  principal.scopes = 0;
  for (const auto name : split(found->token.scopes, ','))
    if (const auto scope = scope_from(name)) principal.scopes |= bit_of(*scope);
  principal.packages = found->token.packages;
  return principal;
}

void Authenticator::note_use(std::int64_t token_id, std::optional<Time> last_used_at, Time at) {
  if (last_used_at && *last_used_at > at - k_between_notes) return;
  // A courtesy to the token's owner, and nothing that a request may fail on.
  try {
    database_.transaction(
        [&](store::Connection& c) { store::touch_api_token(c, token_id, at, at - k_between_notes); });
  } catch (const std::exception& error) {
    log::warning("the last use of an API token was not noted", {{"because", error.what()}});
  }
}

}  // namespace wharf
