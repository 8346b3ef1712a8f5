// SPDX-License-Identifier: MIT
#include "client/commands/commands.hpp"
#include "client/commands/sign_in.hpp"
#include "client/program/exit.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/base/time.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

using namespace command;

int create(const Arguments& arguments) {
  const auto session = open_session(arguments);
  json::Writer body;
  body.begin_object().member("name", arguments.value("--name"));
  if (arguments.has("--scope")) body.member("scopes", arguments.values("--scope"));
  if (arguments.has("--packages")) body.member("packages", arguments.value("--packages"));
  body.member("expires_in_days", arguments.number("--days", 1, 3650).value_or(30)).end_object();
  const auto text = body.take();
  const auto made =
      with_session(session, [&](Api& api) { return api.send("POST", "/users/me/tokens", text); });
  if (session.json) {
    say(made.response.body);
    return k_ok;
  }
  note("made the token " + text_of(made.root(), "token_id") + ", which works until " +
       text_of(made.root(), "expires_at") + "; it is shown this once:");
  say(text_of(made.root(), "token"));
  return k_ok;
}

int list(const Arguments& arguments) {
  const auto session = open_session(arguments);
  // Every token may see which there are.
  const auto me = signed_in_api(session).get("/users/me");
  const auto tokens = me.root()["tokens"], own = me.root()["credential"]["token_id"];
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("tokens", tokens).end_object();
    finish(writer);
    return k_ok;
  }
  Table table({"ID", "NAME", "MAY", "PACKAGES", "UNTIL", "LAST USED"});
  const auto at = to_rfc3339(now());
  tokens.each([&](json::Value token) {
    std::string scopes;
    token["scopes"].each([&](json::Value scope) {
      scopes.append(scopes.empty() ? "" : ",").append(scope.string().value_or(""));
    });
    const auto until = text_of(token, "expires_at"), used = text_of(token, "last_used_at");
    const bool is_own = own.string() && text_of(token, "token_id") == *own.string();
    const bool is_over = !until.empty() && until <= at;
    table.add({text_of(token, "token_id") + (is_own ? " *" : ""), text_of(token, "name"), scopes,
               text_of(token, "packages"),
               is_over ? Cell(Colour::yellow, until) : Cell(until.empty() ? "for good" : until),
               used.empty() ? "never" : used});
  });
  table.finish();
  if (tokens.size() == 0) note("you have no token");
  if (own.string()) note("* is the one that this call was made with");
  return k_ok;
}

int revoke(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto& ids = arguments.all("ID");
  for (const auto& id : ids)
    if (!parse_number(id))
      throw UsageError(wharf::quoted(id) + " is no token's number; `token list` shows these");
  with_session(session, [&](Api& api) {
    ApiAnswer last{{}, json::parse("null")};
    for (const auto& id : ids) {
      last = api.send("DELETE", "/users/me/tokens/" + url_encode(id));
      if (!session.json) say("revoked the token " + id);
    }
    return last;
  });
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("revoked", ids).end_object();
    finish(writer);
  }
  return k_ok;
}

const OptionSpec k_username = {"--username", "NAME", "the user, where you are not signed in here"};
const OptionSpec k_password = {"--password", "TEXT",
                               "the password; better typed when asked, or the first line of standard input"};

}  // namespace

Command token_create_command() {
  return {
      .words = "token create",
      .positional = "",
      .help = "make an API token, for CI or another machine",
      .run = create,
      .description =
          "It wants your password: no token makes tokens. The new one is the only thing on standard output, "
          "and "
          "is shown this once. It publishes and yanks any package of yours for 30 days unless told "
          "otherwise.",
      .options = {{.name = "--name", .value = "TEXT", .help = "what you will know it by", .required = true},
                  {.name = "--scope",
                   .value = "SCOPE",
                   .help = "what it may do; may be repeated",
                   .choices = "publish yank owners",
                   .repeatable = true},
                  {"--packages", "GLOB", "for which packages, as `tide-*`; any unless told"},
                  {"--days", "N", "how long it works, 1 to 3650; 30 unless told"},
                  k_username,
                  k_password},
      .examples = {{"wharf token create --name 'CI of tide-tables' --scope publish --packages 'tide-*'",
                    "a token that can publish these packages and do nothing else"}}};
}

Command token_list_command() {
  return {.words = "token list",
          .positional = "",
          .help = "list your API tokens",
          .run = list,
          .description =
              "Never the token itself: the registry does not have it. A `*` marks the one of this machine.",
          .examples = {{"wharf token list", "which one was used last?"}}};
}

Command token_revoke_command() {
  return {
      .words = "token revoke",
      .positional = "ID...",
      .help = "revoke API tokens",
      .run = revoke,
      .description =
          "Each request that carries one is refused from then on. It wants your password; the token of this "
          "machine is ended by `logout` without it.",
      .options = {k_username, k_password},
      .examples = {{"wharf token revoke 17", "a token has leaked"}}};
}

}  // namespace wharf::client
