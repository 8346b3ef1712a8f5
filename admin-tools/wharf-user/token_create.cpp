// SPDX-License-Identifier: MIT
#include "admin-tools/common/moment.hpp"
#include "admin-tools/common/operator.hpp"
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/token_table.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

constexpr std::int64_t k_days = 30;

int token_create(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  TokenRequest wanted;
  wanted.name = arguments.value("--name");
  if (arguments.has("--scope")) wanted.scopes = arguments.values("--scope");
  if (arguments.has("--packages")) wanted.packages = arguments.value("--packages");
  wanted.expires_in_days = arguments.number("--days", 1, 3650).value_or(k_days);
  if (arguments.has("--never") && arguments.has("--days"))
    throw UsageError("'--days' and '--never' exclude each other; give one of them");
  if (arguments.has("--never")) wanted.expires_in_days.reset();
  Context context(arguments);
  const auto made = context.tokens.create_for(context.who, arguments["USER"], wanted, origin);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("username", arguments["USER"]).member("token", made.token);
    write_token_members(writer, made.info);
    writer.end_object();
    finish(writer);
    return 0;
  }
  note("made the token " + std::to_string(made.info.id) + " of '" + arguments["USER"] + "', which " +
       (made.info.expires_at ? "expires " + shown(made.info.expires_at) : "never expires") +
       "; it is shown this once:");
  say(made.token);
  return 0;
}

}  // namespace

Command token_create_command() {
  return {.words = "token create",
          .positional = "USER",
          .help = "make an API token on an account's behalf",
          .run = token_create,
          .effect = Effect::changes,
          .json = true,
          .description =
              "The token is the only thing on standard output, and is shown this once. It publishes and "
              "yanks any package "
              "of the account for 30 days unless told otherwise.",
          .options = {{.name = "--name",
                       .value = "TEXT",
                       .help = "what it is for, 1 to 100 characters",
                       .required = true},
                      {.name = "--scope",
                       .value = "SCOPE",
                       .help = "what it may do; may be repeated",
                       .choices = "publish yank owners",
                       .repeatable = true},
                      {"--packages", "GLOB", "for which packages, as `tide-*`; any unless told"},
                      {"--days", "N", "how long it works, 1 to 3650"},
                      {"--never", "", "it does not run out"}},
          .examples = {
              {"wharf-user token create ada --name 'CI of tide-tables' --scope publish --packages 'tide-*'",
               "a token for CI that can publish these packages and do nothing else"},
              {"wharf-user token create ada --name deploy --days 1 > token.txt", "into a file"}}};
}

}  // namespace wharf::admin
