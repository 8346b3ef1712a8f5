// SPDX-License-Identifier: MIT
#include "admin-tools/common/operator.hpp"
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

int add(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Context context(arguments);
  const auto password = choose_password(arguments, arguments["USER"]);
  NewAccount wanted{arguments["USER"], password.text, arguments.maybe("--email"), Role::user};
  if (arguments.value("--role") == "admin") wanted.role = Role::admin;
  const auto account = context.users.add(context.who, wanted, origin);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("username", account.username);
    writer.member("user_id", std::to_string(account.id)).member("email", account.email);
    writer.member("role", role_name(account.role)).member("created_at", to_rfc3339(account.created_at));
    writer.key("password");
    password.generated ? writer.value(password.text) : writer.null();
    writer.end_object();
    finish(writer);
    return 0;
  }
  note("added the account '" + account.username + "', role " + std::string(role_name(account.role)));
  if (password.generated) say(password.text);
  return 0;
}

}  // namespace

Command add_command() {
  return {.words = "add",
          .positional = "USER",
          .help = "make an account",
          .run = add,
          .effect = Effect::changes,
          .json = true,
          .description =
              "Also where registration is closed. The password is asked for twice at a terminal, else it is "
              "the first "
              "line of standard input. The name of a deleted account is not free again.",
          .options = {{"--email", "ADDRESS", "an e-mail, by which one can sign in, too"},
                      {"--role", "ROLE", "what the account is; `user` unless told", "user admin"},
                      generate_option()},
          .examples = {{"wharf-user add ada --role admin", "the first administrator"},
                       {"wharf-user add ada --email ada@example.org --generate",
                        "an account whose password is made up and printed"},
                       {"pass show ada | wharf-user add ada", "the password comes from another program"}}};
}

}  // namespace wharf::admin
