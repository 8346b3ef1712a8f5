// SPDX-License-Identifier: MIT
#include "client/commands/calls.hpp"
#include "client/commands/commands.hpp"
#include "client/program/exit.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

using namespace command;

constexpr OptionSpec k_token{"--token", "TOKEN", "the API token; better in WHARF_TOKEN"};

int change(const Arguments& arguments, bool yank) {
  const auto session = open_session(arguments);
  const auto [name, version] = named_version(arguments["NAME"], arguments["VERSION"]);
  auto api = signed_in_api(session);
  std::string body;
  if (arguments.has("--reason")) {
    json::Writer reason;
    reason.begin_object().member("reason", arguments.value("--reason")).end_object();
    body = reason.take();
  }
  const auto answer = api.send("POST", version_path(name, version) + (yank ? "/yank" : "/unyank"), body);
  if (session.json) {
    say(answer.response.body);
    return k_ok;
  }
  say((yank ? "yanked " : "took back the yank of ") + name + " " + version + " at " + session.registry);
  if (!answer.is_visible()) note("it stands; others will see it in a moment");
  return k_ok;
}

int yank(const Arguments& arguments) {
  return change(arguments, true);
}
int unyank(const Arguments& arguments) {
  return change(arguments, false);
}

}  // namespace

Command yank_command() {
  return {
      .words = "yank",
      .positional = "NAME [VERSION]",
      .help = "take a version out of new resolutions",
      .run = yank,
      .description =
          "Nobody is given that version anew; whoever is locked to it may go on using it, and its archive "
          "stays. `unyank` takes it back. The version can also stand behind the name, as `NAME@VERSION`.",
      .options = {{"--reason", "TEXT", "why, for everyone to read"}, k_token},
      .examples = {{"wharf yank tide-tables 1.1.0 --reason 'wrong in leap years'", "a version is broken"}}};
}

Command unyank_command() {
  return {.words = "unyank",
          .positional = "NAME [VERSION]",
          .help = "take a yank back",
          .run = unyank,
          .options = {{"--reason", "TEXT", "why, for the registry's audit log"}, k_token},
          .examples = {{"wharf unyank tide-tables@1.1.0", "it was right after all"}}};
}

}  // namespace wharf::client
