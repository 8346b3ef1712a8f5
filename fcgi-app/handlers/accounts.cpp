// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/accounts.hpp"

#include "fcgi-app/handlers/account_shapes.hpp"
#include "fcgi-app/handlers/authentication.hpp"
#include "fcgi-app/handlers/fields.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/time.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::handlers {

namespace {

// Members `token`, `expires_at` and `user`.
void write_session(json::Writer& writer, const http::DialectRules& rules, const SignedIn& session) {
  writer.member("token", session.token).member("expires_at", to_rfc3339(session.expires_at));
  writer.key("user").begin_object();
  write_account(writer, rules, session.account);
  writer.end_object();
}

// A form's field that was left empty says the same as one that was left out.
std::optional<std::string> filled_text(json::Value object, std::string_view name) {
  auto text = optional_text(object, name);
  if (text && text->empty()) text.reset();
  return text;
}

// The body's token counts before the header's.
std::string token_to_verify(http::Request& request) {
  if (const auto body = request.read_optional_json())
    if (auto token = optional_text(body->root(), "token")) return std::move(*token);
  if (const auto token = request.bearer_token()) return std::string(*token);
  throw Error(Code::bad_request,
              "there is no token to verify; send '{\"token\": \"…\"}' or 'Authorization: Bearer <token>'");
}

}  // namespace

http::Response register_account(App& app, http::Request& request) {
  const auto body = request.read_json();
  const auto fields = body.root();
  const auto made = app.services.accounts.register_account(
      {required_text(fields, "username"), required_text(fields, "password"), filled_text(fields, "email")},
      origin_of(request));
  request.user = made.account.username;
  json::Writer writer;
  writer.begin_object().member("success", true);
  write_session(writer, request.rules(), made);
  write_flat_account(writer, request.rules(), made.account);
  writer.end_object();
  return http::Response::json(request.rules().register_status, std::move(writer));
}

http::Response login(App& app, http::Request& request) {
  const auto body = request.read_json();
  const auto fields = body.root();
  const auto username = filled_text(fields, "username"), email = filled_text(fields, "email");
  const auto password = required_text(fields, "password");
  if (!username && !email)
    throw Error(Code::bad_request, "the field 'username' is missing; send it, or 'email' in its place")
        .with("field", "username");
  if (username && email)
    throw Error(Code::bad_request, "there is both a 'username' and an 'email'; send one of them")
        .with("field", "email");
  const auto session =
      app.services.accounts.login(username ? *username : *email, password, origin_of(request));
  request.user = session.account.username;
  json::Writer writer;
  writer.begin_object().member("success", true);
  write_session(writer, request.rules(), session);
  writer.end_object();
  return http::Response::json(200, std::move(writer));
}

http::Response verify_token(App& app, http::Request& request) {
  const auto who = app.services.authenticator.recognize(token_to_verify(request));
  json::Writer writer;
  writer.begin_object().member("valid", who.has_value());
  if (who) {
    request.user = who->username;
    writer.key("user").begin_object();
    write_account(writer, request.rules(), app.services.accounts.account(*who));
    writer.end_object();
    writer.member("expires_at", who->expires_at ? std::optional(to_rfc3339(*who->expires_at)) : std::nullopt);
  }
  writer.end_object();
  return http::Response::json(200, std::move(writer));
}

http::Response refresh_session(App& app, http::Request& request) {
  const auto session = app.services.accounts.refresh(app.who(), origin_of(request));
  json::Writer writer;
  writer.begin_object();
  write_session(writer, request.rules(), session);
  writer.end_object();
  return http::Response::json(200, std::move(writer));
}

http::Response logout(App& app, http::Request& request) {
  if (app.who().is_session())
    app.services.accounts.logout(app.who(), origin_of(request));
  else
    app.services.tokens.revoke_itself(app.who(), origin_of(request));
  return http::Response::empty();
}

http::Response change_password(App& app, http::Request& request) {
  const auto body = request.read_json();
  app.services.accounts.change_password(app.who(), required_text(body.root(), "current_password"),
                                        required_text(body.root(), "new_password"), origin_of(request));
  return http::Response::empty();
}

}  // namespace wharf::handlers
