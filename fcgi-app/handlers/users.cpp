// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/users.hpp"

#include <algorithm>

#include "fcgi-app/handlers/account_shapes.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/base/time.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::handlers {

namespace {

UserProfile profile_of(App& app, std::string_view username, store::Quarantined quarantined) {
  auto profile = app.services.accounts.profile(username, quarantined);
  if (!profile) throw Error(Code::not_found, "there is no user " + quoted(username));
  return std::move(*profile);
}

// What the caller is signed in with, and how far that reaches.
void write_credential(json::Writer& writer, const http::DialectRules& rules, const Principal& who,
                      const std::vector<TokenInfo>& tokens) {
  const auto token = std::ranges::find(tokens, who.token_id, &TokenInfo::id);
  std::vector<std::string> scopes;
  for (const Scope scope : k_scopes)
    if (who.scopes & bit_of(scope)) scopes.emplace_back(scope_name(scope));
  std::optional<std::string> id, name;
  if (!who.is_session()) id = id_text(rules, Numbered::token, who.token_id);
  if (!who.is_session() && token != tokens.end()) name = token->name;
  writer.key("credential").begin_object();
  writer.member("kind", who.is_session() ? "session" : "api_token")
      .member("token_id", id)
      .member("name", name);
  writer.member("scopes", scopes).member("packages", who.packages);
  writer.member("expires_at", who.expires_at ? std::optional(to_rfc3339(*who.expires_at)) : std::nullopt);
  writer.end_object();
}

}  // namespace

http::Response show_me(App& app, http::Request& request) {
  const auto& rules = request.rules();
  const auto& who = app.who();
  const auto profile = profile_of(app, who.username, store::Quarantined::shown);
  const auto tokens = app.services.tokens.list(who);
  json::Writer writer;
  writer.begin_object();
  write_account(writer, rules, {profile.id, profile.username, profile.email, who.role, profile.created_at});
  write_profile(writer, rules, profile);
  writer.key("tokens").begin_array();
  for (const auto& token : tokens) write_token(writer, rules, token);
  writer.end_array();
  write_credential(writer, rules, who, tokens);
  writer.end_object();
  return http::Response::json(200, std::move(writer));
}

http::Response show_user(App& app, http::Request& request) {
  const auto& rules = request.rules();
  const auto profile = profile_of(app, request.path("username"), store::Quarantined::left_out);
  json::Writer writer;
  writer.begin_object();
  writer.member("username", profile.username).member("user_id", id_text(rules, Numbered::user, profile.id));
  if (rules.profile_has_null_email) writer.member_null("email");
  writer.member("created_at", to_rfc3339(profile.created_at));
  write_profile(writer, rules, profile);
  writer.end_object();
  return http::Response::json(200, std::move(writer)).set("Cache-Control", "public, no-cache");
}

}  // namespace wharf::handlers
