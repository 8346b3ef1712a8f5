// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/token_table.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

int token_list(const Arguments& arguments) {
  Context context(arguments);
  const auto tokens = context.tokens.list_of(arguments["USER"]);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("username", arguments["USER"]).key("tokens").begin_array();
    for (const auto& token : tokens) write_token(writer, token);
    writer.end_array().end_object();
    finish(writer);
    return 0;
  }
  print_tokens(tokens);
  if (tokens.empty()) note("'" + arguments["USER"] + "' has no token");
  return 0;
}

}  // namespace

Command token_list_command() {
  return {.words = "token list",
          .positional = "USER",
          .help = "list an account's API tokens",
          .run = token_list,
          .effect = Effect::reads,
          .json = true,
          .description = "Those that have run out, too; never the token itself, which is nowhere.",
          .examples = {{"wharf-user token list ada", "which token was used last?"}}};
}

}  // namespace wharf::admin
