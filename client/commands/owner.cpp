// SPDX-License-Identifier: MIT
#include "client/commands/calls.hpp"
#include "client/commands/commands.hpp"
#include "client/program/exit.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

using namespace command;

std::string package_of(const Session& session) {
  return session.arguments.has("--package") ? session.arguments.value("--package")
                                            : project_name(session, "--package");
}

// The whole of what the registry says, or a sentence, and whether others see it already.
int done(const Session& session, const ApiAnswer& answer, const std::string& sentence) {
  if (session.json) {
    say(answer.response.body.empty() ? "{}" : answer.response.body);
    return k_ok;
  }
  say(sentence);
  if (!answer.is_visible()) note("it stands; others will see it in a moment");
  return k_ok;
}

int list(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto name = arguments["NAME"].empty() ? package_of(session) : arguments["NAME"];
  if (!arguments["NAME"].empty() && arguments.has("--package"))
    throw UsageError("the package is named twice; leave '--package' away");
  const auto answer = reading_api(session).get(package_path(name) + "/owners");
  if (session.json) {
    say(answer.response.body);
    return k_ok;
  }
  Table table({"USER", "ROLE", "SINCE"});
  answer.root()["owners"].each([&](json::Value owner) {
    table.add({text_of(owner, "username"), text_of(owner, "role"), text_of(owner, "added_at")});
  });
  table.finish();
  return k_ok;
}

int add(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto name = package_of(session), &user = arguments["USER"];
  const auto role = arguments.maybe("--role").value_or("owner");
  json::Writer body;
  body.begin_object().member("username", user).member("role", role).end_object();
  const auto answer = signed_in_api(session).send("PUT", package_path(name) + "/owners", body.take());
  return done(session, answer,
              wharf::quoted(user) + " is " + (role == "owner" ? "an owner" : "a maintainer") + " of " +
                  wharf::quoted(name) + " now");
}

int remove(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto name = package_of(session), &user = arguments["USER"];
  const auto answer =
      signed_in_api(session).send("DELETE", package_path(name) + "/owners/" + url_encode(user));
  return done(session, answer, wharf::quoted(user) + " has no part in " + wharf::quoted(name) + " any more");
}

constexpr OptionSpec k_package = {"--package", "NAME", "the package; of the manifest here, unless told"};

}  // namespace

Command owner_list_command() {
  return {.words = "owner list",
          .positional = "[NAME]",
          .help = "list a package's owners and maintainers",
          .run = list,
          .options = {k_package},
          .examples = {{"wharf owner list tide-tables", "who may publish it?"}}};
}

Command owner_add_command() {
  return {.words = "owner add",
          .positional = "USER",
          .help = "make a user an owner or maintainer",
          .run = add,
          .description =
              "Owners may do everything with a package, maintainers publish and yank. Of somebody who is "
              "one already it changes the role.",
          .options = {k_package,
                      {.name = "--role",
                       .value = "ROLE",
                       .help = "`owner` unless told",
                       .choices = "owner maintainer"}},
          .examples = {{"wharf owner add marie --package tide-tables --role maintainer",
                        "marie may publish it, and not name owners"}}};
}

Command owner_remove_command() {
  return {.words = "owner remove",
          .positional = "USER",
          .help = "take a user off a package's owners and maintainers",
          .run = remove,
          .description = "The last owner cannot go: add another one first.",
          .options = {k_package},
          .examples = {{"wharf owner remove marie --package tide-tables", "marie has left"}}};
}

}  // namespace wharf::client
