// SPDX-License-Identifier: MIT
#include "admin-tools/common/operator.hpp"
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

int remove(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Context context(arguments);
  const auto done =
      context.users.remove(context.who, arguments["USER"], arguments.maybe("--transfer-to"), origin);
  note_if_pending(done.visible);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("username", done.username).member("state", "deleted");
    writer.member("transferred", done.handed_over).member("left", done.left);
    writer.member("sessions_ended", done.sessions).member("tokens_revoked", done.tokens).end_object();
    finish(writer);
    return 0;
  }
  say("deleted the account '" + done.username + "'; sessions ended: " + std::to_string(done.sessions) +
      ", tokens revoked: " + std::to_string(done.tokens));
  for (const auto& name : done.handed_over)
    say("  " + name + " belongs to '" + arguments.value("--transfer-to") + "' now");
  for (const auto& name : done.left) say("  " + name + " stays with its other owners");
  return 0;
}

}  // namespace

Command delete_command() {
  return {
      .words = "delete",
      .positional = "USER",
      .help = "delete an account for good",
      .run = remove,
      .effect = Effect::destroys,
      .json = true,
      .description =
          "Its sessions, tokens and e-mail are gone. A package of which it is the only owner must have "
          "another one "
          "first, or goes to the account that `--transfer-to` names; without either nothing is done, and "
          "those "
          "packages are listed. What it has published stays, under its name.",
      .options = {{"--transfer-to", "USER", "who becomes owner of the packages that nobody else owns"}},
      .examples = {{"wharf-user delete ada --transfer-to grace",
                    "somebody leaves, and a colleague takes over"},
                   {"wharf-user delete spammer --yes --reason 'spam'", "without being asked, from a script"}},
      .consequence = "its sessions, tokens and e-mail are gone, and its name is never free again"};
}

}  // namespace wharf::admin
