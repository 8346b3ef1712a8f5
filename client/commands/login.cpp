// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "client/commands/commands.hpp"
#include "client/commands/sign_in.hpp"
#include "client/program/exit.hpp"
#include "client/registry/credentials.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/command/terminal.hpp"

namespace wharf::client {

namespace {

using namespace command;

int answer(const Session& session, const std::string& username) {
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("registry", session.registry).member("username", username).end_object();
    finish(writer);
  } else {
    say("signed in to " + session.registry + " as " + printable(username));
  }
  return k_ok;
}

// A token that was made elsewhere is kept as it is, if the registry knows it.
int keep_given_token(const Session& session) {
  const auto token = is_terminal(STDIN_FILENO) ? ask_secretly("Token: ") : new_password("Token");
  const auto me = Api(access_of(session), token).get("/users/me");
  const auto username = text_of(me.root(), "username");
  store_credential(session.profile, session.registry, {token, username});
  return answer(session, username);
}

int login(const Arguments& arguments) {
  const auto session = open_session(arguments);
  session.require_registry();
  warn_of_plain_http(session);
  if (arguments.has("--with-token")) return keep_given_token(session);
  const auto typed = username_for(session, "User name or e-mail");
  const auto password = password_for(session, "Password");
  const auto token = session_of(session, typed, password);
  // Who signs in with an e-mail is kept by name.
  auto username = text_of(Api(access_of(session), token).get("/users/me").root(), "username");
  keep_signed_in(session, username.empty() ? typed : username, token);
  return answer(session, username);
}

int register_account(const Arguments& arguments) {
  const auto session = open_session(arguments);
  session.require_registry();
  warn_of_plain_http(session);
  const auto username = username_for(session, "User name");
  auto email = arguments.value("--email");
  if (!arguments.has("--email") && can_ask()) email = ask_line("E-mail (may be left empty): ").value_or("");
  const auto password =
      arguments.has("--password") ? password_for(session, "Password") : new_password("Password");
  json::Writer body;
  body.begin_object().member("username", username).member("password", password);
  if (!email.empty()) body.member("email", email);
  body.end_object();
  const auto made = anonymous_api(session).send("POST", "/auth/register", body.take());
  note("made the account " + wharf::quoted(username));
  keep_signed_in(session, text_of(made.root(), "username"), text_of(made.root(), "token"));
  return answer(session, text_of(made.root(), "username"));
}

int logout(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto found = find_credential(session.profile, session.require_registry());
  if (!found)
    throw Error(Code::not_found,
                "you are not signed in to " + wharf::quoted(session.registry) + "; there is nothing to do");
  bool revoked = false;
  try {
    if (!session.offline) {
      end_token(session, found->token);
      revoked = true;
    }
  } catch (const Error& error) {
    // It is over already; else the registry could not be asked.
    if (error.code() == Code::unauthorized)
      revoked = true;
    else
      detail("the token was not revoked: " + error.public_message());
  }
  remove_credential(session.profile, session.registry);
  if (!revoked)
    warn(
        "the registry was not reached: the token is gone from this machine, but works there until it runs "
        "out; `wharf token revoke` ends it, from anywhere");
  if (::getenv("WHARF_TOKEN") != nullptr)
    warn("WHARF_TOKEN is set in the environment and goes on being used");
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("registry", session.registry).member("revoked", revoked).end_object();
    finish(writer);
  } else {
    say("signed out from " + session.registry);
  }
  return k_ok;
}

std::string joined(json::Value list) {
  std::string text;
  list.each(
      [&](json::Value one) { text.append(text.empty() ? "" : ", ").append(one.string().value_or("")); });
  return text;
}

int whoami(const Arguments& arguments) {
  const auto session = open_session(arguments);
  auto api = signed_in_api(session);
  const auto me = api.get("/users/me");
  if (session.json) {
    say(me.response.body);
    return k_ok;
  }
  const auto root = me.root(), credential = root["credential"];
  Facts facts;
  facts.add("user", text_of(root, "username"));
  if (const auto email = text_of(root, "email"); !email.empty()) facts.add("e-mail", email);
  facts.add("registry", session.registry);
  if (text_of(credential, "kind") == "api_token") {
    facts.add("token", text_of(credential, "name") + " (" + text_of(credential, "token_id") + ")");
    facts.add("may", joined(credential["scopes"]));
    facts.add("packages", text_of(credential, "packages"));
  } else if (credential.is_object()) {
    facts.add("signed in with", "a session, which may do all that the user may");
  }
  const auto until = text_of(credential, "expires_at");
  if (credential.is_object()) facts.add("until", until.empty() ? "for good" : until);
  facts.print();
  return k_ok;
}

const OptionSpec k_username = {
    .name = "--username", .value = "NAME", .help = "the user; asked for at a terminal"};
const OptionSpec k_password = {"--password", "TEXT",
                               "the password; better typed when asked, or the first line of standard input"};
const OptionSpec k_scope = {.name = "--scope",
                            .value = "SCOPE",
                            .help = "what the token may do; all three unless told",
                            .choices = "publish yank owners",
                            .repeatable = true};
const OptionSpec k_days = {"--days", "N", "how long the token works, 1 to 3650; 90 unless told"};

}  // namespace

Command login_command() {
  return {
      .words = "login",
      .positional = "",
      .help = "sign in to the registry",
      .run = login,
      .effect = Effect::maintains,
      .description =
          "The password is typed at the terminal without being shown, or read from standard input as one "
          "line. What is kept, in a file that you alone can read, is not the password and no session, but an "
          "API token of this machine: `token list` shows it, `logout` or `token revoke` end it.\n\n"
          "`--with-token` takes a token that was made elsewhere, typed or from standard input. In CI, set "
          "`WHARF_TOKEN` instead: nothing is stored then.",
      .options = {k_username,
                  k_password,
                  k_scope,
                  k_days,
                  {"--with-token", "", "keep a token that is typed, or read from standard input"}},
      .examples = {{"wharf login", "as a person"},
                   {"wharf login --with-token < token.txt", "with a token from `token create`"}}};
}

Command register_command() {
  return {.words = "register",
          .positional = "",
          .help = "make an account at the registry, and sign in",
          .run = register_account,
          .effect = Effect::maintains,
          .description =
              "Where the registry takes new accounts. User names have 3 to 50 of `a-z`, `0-9`, `-`, `_`; "
              "passwords 8 characters or more.",
          .options = {k_username, k_password, {"--email", "ADDRESS", "may be left out"}, k_scope, k_days},
          .examples = {{"wharf register --username grace", "asks for the rest"}}};
}

Command logout_command() {
  return {.words = "logout",
          .positional = "",
          .help = "sign out: revoke the token and forget it",
          .run = logout,
          .effect = Effect::maintains,
          .description =
              "Where the registry cannot be reached the token is forgotten all the same, and a warning says "
              "that it still works there.",
          .examples = {{"wharf logout", "on a machine that you give away"}}};
}

Command whoami_command() {
  return {.words = "whoami",
          .positional = "",
          .help = "show as whom you are signed in, and what the token may do",
          .run = whoami,
          .examples = {{"wharf whoami", "how long does the token work?"}}};
}

}  // namespace wharf::client
