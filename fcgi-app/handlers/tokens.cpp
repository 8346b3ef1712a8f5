// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/tokens.hpp"

#include <algorithm>

#include "fcgi-app/handlers/account_shapes.hpp"
#include "fcgi-app/handlers/authentication.hpp"
#include "fcgi-app/handlers/fields.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::handlers {

namespace {

// The scopes with `admin` replaced by all of them, where the dialect has it and the account may.
std::vector<std::string> without_admin(std::vector<std::string> scopes, const Principal& who) {
  if (std::erase(scopes, "admin") == 0) return scopes;
  if (who.role != Role::admin)
    throw Error(Code::forbidden,
                "the scope 'admin' is for administrators; choose from publish, yank and owners");
  for (const Scope scope : k_scopes) scopes.emplace_back(scope_name(scope));
  return scopes;
}

TokenRequest token_request(const json::Value& fields, const http::DialectRules& rules, const Principal& who) {
  TokenRequest wanted;
  wanted.name = required_text(fields, "name");
  if (auto scopes = optional_texts(fields, "scopes"))
    wanted.scopes = rules.has_admin_scope ? without_admin(std::move(*scopes), who) : std::move(*scopes);
  if (fields["packages"].is_array())
    throw Error(Code::bad_request,
                "the field 'packages' is a list; expected one pattern as a text, such as 'mylib-*'")
        .with("field", "packages");
  if (auto packages = optional_text(fields, "packages")) wanted.packages = std::move(*packages);
  wanted.expires_in_days = optional_integer(fields, "expires_in_days");
  if (!wanted.expires_in_days && rules.token_days_by_default > 0)
    wanted.expires_in_days = rules.token_days_by_default;
  return wanted;
}

}  // namespace

http::Response list_tokens(App& app, http::Request& request) {
  const auto& rules = request.rules();
  const auto tokens = app.services.tokens.list(app.who());
  json::Writer writer;
  if (!rules.tokens_as_array) writer.begin_object().key("tokens");
  writer.begin_array();
  for (const auto& token : tokens) write_token(writer, rules, token);
  writer.end_array();
  if (!rules.tokens_as_array) writer.end_object();
  return http::Response::json(200, std::move(writer));
}

http::Response create_token(App& app, http::Request& request) {
  const auto& rules = request.rules();
  const auto body = request.read_json();
  const auto made =
      app.services.tokens.create(app.who(), token_request(body.root(), rules, app.who()), origin_of(request));
  json::Writer writer;
  writer.begin_object().member("token", made.token);
  write_token_members(writer, rules, made.info);
  writer.end_object();
  return http::Response::json(rules.token_created_status, std::move(writer));
}

http::Response revoke_token(App& app, http::Request& request) {
  const auto& rules = request.rules();
  const auto id = id_from(Numbered::token, request.path("id"));
  if (!id) throw Error(Code::not_found, "no token has such an id; list your tokens to see which there are");
  app.services.tokens.revoke(app.who(), *id, origin_of(request));
  if (!rules.delete_answers_body) return http::Response::empty();
  json::Writer writer;
  writer.begin_object()
      .member("token_id", id_text(rules, Numbered::token, *id))
      .member("revoked", true)
      .end_object();
  return http::Response::json(200, std::move(writer));
}

}  // namespace wharf::handlers
