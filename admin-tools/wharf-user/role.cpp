// SPDX-License-Identifier: MIT
#include "admin-tools/common/operator.hpp"
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

int role(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  const auto& wanted = arguments["ROLE"];
  if (wanted != "user" && wanted != "admin")
    throw UsageError("'" + wanted + "' is no role; expected user or admin" +
                     suggestion(wanted, {"user", "admin"}));
  Context context(arguments);
  const bool changed = context.users.set_role(context.who, arguments["USER"],
                                              wanted == "admin" ? Role::admin : Role::user, origin);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("username", arguments["USER"]).member("role", wanted);
    writer.member("changed", changed).end_object();
    finish(writer);
  } else {
    say("'" + arguments["USER"] + "' has the role " + wanted + (changed ? "" : " already"));
  }
  return 0;
}

}  // namespace

Command role_command() {
  return {.words = "role",
          .positional = "USER ROLE",
          .help = "make an account an administrator, or a user again",
          .run = role,
          .effect = Effect::changes,
          .json = true,
          .description =
              "The role is `user` or `admin`. Over the network an administrator sees itself as one (Vais's "
              "`is_admin`) and "
              "may make tokens with Vais's scope `admin`, which is all scopes; the packages of others stay "
              "theirs. What "
              "touches other people's accounts and packages is done with these tools.",
          .examples = {{"wharf-user role ada admin", "ada becomes an administrator"},
                       {"wharf-user role ada user", "and a user again"}}};
}

}  // namespace wharf::admin
