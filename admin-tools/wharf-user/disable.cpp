// SPDX-License-Identifier: MIT
// `disable` and `enable`: the two directions of one switch.
#include "admin-tools/common/operator.hpp"
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

int tell(const Arguments& arguments, bool changed, std::string_view state) {
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("username", arguments["USER"]).member("state", state);
    writer.member("changed", changed).end_object();
    finish(writer);
  } else {
    say("'" + arguments["USER"] + "' is " + std::string(state) + (changed ? "" : " already"));
  }
  return 0;
}

int disable(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Context context(arguments);
  return tell(arguments, context.users.disable(context.who, arguments["USER"], origin), "disabled");
}

int enable(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Context context(arguments);
  return tell(arguments, context.users.enable(context.who, arguments["USER"], origin), "enabled");
}

}  // namespace

Command disable_command() {
  return {.words = "disable",
          .positional = "USER",
          .help = "stop an account: no login, no session, no token",
          .run = disable,
          .effect = Effect::changes,
          .json = true,
          .description =
              "From the next request on, everything that is signed in as this account or carries one of its "
              "tokens is "
              "refused with `account_disabled`. Its packages stay as they are and can be installed; "
              "`wharf-package` "
              "takes care of these. `enable` takes it back.",
          .examples = {{"wharf-user disable mallory --reason 'publishes malware, report 17'",
                        "an account that does harm"}}};
}

Command enable_command() {
  return {.words = "enable",
          .positional = "USER",
          .help = "let a disabled account in again",
          .run = enable,
          .effect = Effect::changes,
          .json = true,
          .description = "Its API tokens work again; its sessions are over, so that it has to sign in anew.",
          .examples = {{"wharf-user enable ada --reason 'it was a mistake'", "take `disable` back"}}};
}

}  // namespace wharf::admin
