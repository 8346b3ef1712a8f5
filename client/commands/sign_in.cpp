// SPDX-License-Identifier: MIT
#include "client/commands/sign_in.hpp"

#include <unistd.h>

#include <array>

#include "client/registry/credentials.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/command/terminal.hpp"

namespace wharf::client {

namespace {

using command::note;
using command::UsageError;

// What it is listed as at the registry: where it is kept, so that a lost machine's token is known.
std::string token_name() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0 || host[0] == '\0') return "wharf";
  return ("wharf on " + std::string(host.data())).substr(0, 100);
}

struct KeptToken {
  std::string token, name, until;  // without a name: the session itself
};

KeptToken make_token(const Session& session, const std::string& session_token) {
  json::Writer body;
  body.begin_object().member("name", token_name());
  body.key("scopes").begin_array();
  if (session.arguments.has("--scope"))
    for (const auto& scope : session.arguments.values("--scope")) body.value(scope);
  else
    body.value("publish").value("yank").value("owners");
  body.end_array();
  body.member("expires_in_days", session.arguments.number("--days", 1, 3650).value_or(k_token_days));
  body.end_object();
  try {
    const auto answer = Api(access_of(session), session_token).send("POST", "/users/me/tokens", body.take());
    return {text_of(answer.root(), "token"), text_of(answer.root(), "name"),
            text_of(answer.root(), "expires_at")};
  } catch (const Error& error) {
    if (error.code() != Code::not_found && error.code() != Code::method_not_allowed) throw;
    command::warn("this registry makes no API tokens, so the session itself is kept");
    return {session_token, "", ""};
  }
}

// A token that stays behind can be seen with `token list`, and runs out.
void end_quietly(const Session& session, const std::string& token) {
  try {
    end_token(session, token);
  } catch (const Error& error) {
    command::detail("a token was not revoked: " + error.public_message());
  }
}

}  // namespace

bool is_api_token(std::string_view token) {
  return token.starts_with("wharf_") || token.starts_with("vais_");
}

std::string username_for(const Session& session, std::string_view prompt) {
  std::string name = session.arguments.value("--username");
  if (name.empty() && command::can_ask()) name = ask_line(std::string(prompt) + ": ").value_or("");
  if (name.empty()) throw UsageError("which user? give '--username'");
  return name;
}

std::string session_of(const Session& session, const std::string& username, const std::string& password) {
  json::Writer body;
  body.begin_object().member("username", username).member("password", password).end_object();
  const auto answer = anonymous_api(session).send("POST", "/auth/login", body.take());
  auto token = text_of(answer.root(), "token");
  if (token.empty())
    throw Error(Code::unavailable, "the registry " + wharf::quoted(session.registry) +
                                       " signed you in and sent no token; is this its address?");
  return token;
}

void end_token(const Session& session, const std::string& token) {
  Api(access_of(session), token).send("POST", "/auth/logout");
}

void keep_signed_in(const Session& session, const std::string& username, const std::string& session_token) {
  const auto before = find_credential(session.profile, session.registry);
  const auto kept = make_token(session, session_token);
  try {
    store_credential(session.profile, session.registry, {kept.token, username});
  } catch (...) {
    // What cannot be kept must not stay good.
    end_quietly(session, kept.token);
    if (kept.token != session_token) end_quietly(session, session_token);
    throw;
  }
  if (kept.token != session_token) end_quietly(session, session_token);
  if (before && before->token != kept.token && is_api_token(before->token))
    end_quietly(session, before->token);
  const auto what = kept.name.empty() ? "the session" : "the token " + wharf::quoted(kept.name);
  note(what + " is kept in " + credentials_file(session.profile).string() +
       (kept.until.empty() ? "" : " and works until " + kept.until));
}

ApiAnswer with_session(const Session& session, const std::function<ApiAnswer(Api&)>& call) {
  const auto stored = token_for(session.profile, session.require_registry());
  if (!stored.empty() && !is_api_token(stored)) {
    Api api(access_of(session), stored);
    return call(api);
  }
  warn_of_plain_http(session);
  std::string username = session.arguments.value("--username");
  if (username.empty())
    if (const auto found = find_credential(session.profile, session.registry)) username = found->username;
  if (username.empty()) username = username_for(session, "User name");
  if (command::can_ask())
    note("tokens are managed with the password of " + wharf::quoted(username) + ", not with a token");
  const auto token = session_of(session, username, password_for(session, "Password"));
  Api api(access_of(session), token);
  try {
    auto answer = call(api);
    end_quietly(session, token);
    return answer;
  } catch (...) {
    end_quietly(session, token);
    throw;
  }
}

}  // namespace wharf::client
