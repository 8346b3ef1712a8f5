// SPDX-License-Identifier: MIT
#include "admin-tools/common/operator.hpp"
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

int passwd(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Context context(arguments);
  const auto password = choose_password(arguments, arguments["USER"]);
  const auto ended = context.users.set_password(context.who, arguments["USER"], password.text, origin);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("username", arguments["USER"]).member("sessions_ended", ended);
    writer.key("password");
    password.generated ? writer.value(password.text) : writer.null();
    writer.end_object();
    finish(writer);
    return 0;
  }
  note("changed the password of '" + arguments["USER"] + "'; sessions ended: " + std::to_string(ended));
  if (password.generated) say(password.text);
  return 0;
}

}  // namespace

Command passwd_command() {
  return {.words = "passwd",
          .positional = "USER",
          .help = "give an account a new password and end its sessions",
          .run = passwd,
          .effect = Effect::changes,
          .json = true,
          .description =
              "The password is asked for twice at a terminal, else it is the first line of standard input. "
              "Whoever was "
              "signed in has to sign in anew. API tokens go on working: `token revoke USER --all` ends them.",
          .options = {generate_option()},
          .examples = {{"wharf-user passwd ada --reason 'asked by telephone, called back'",
                        "somebody has forgotten their password"},
                       {"wharf-user passwd ada --generate", "one that nobody has to think of"}}};
}

}  // namespace wharf::admin
