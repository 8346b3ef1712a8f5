// SPDX-License-Identifier: MIT
#include "admin-tools/common/operator.hpp"
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/token_table.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

std::vector<std::int64_t> ids_of(const Arguments& arguments) {
  std::vector<std::int64_t> ids;
  for (const auto& text : arguments.all("ID")) {
    const auto id = parse_number(text);
    if (!id) throw UsageError(wharf::quoted(text) + " is no token's id; `token list` shows these");
    ids.push_back(static_cast<std::int64_t>(*id));
  }
  if (ids.empty() != arguments.has("--all"))
    throw UsageError("'token revoke' needs either the ids of tokens or --all");
  return ids;
}

int token_revoke(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  const auto ids = ids_of(arguments);
  Context context(arguments);
  const auto gone = context.tokens.revoke_of(context.who, arguments["USER"], ids, origin);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("username", arguments["USER"]).key("revoked").begin_array();
    for (const auto& token : gone) write_token(writer, token);
    writer.end_array().end_object();
    finish(writer);
    return 0;
  }
  for (const auto& token : gone)
    say("revoked the token " + std::to_string(token.id) + " " + wharf::quoted(token.name));
  if (gone.empty()) say("'" + arguments["USER"] + "' has no token");
  return 0;
}

}  // namespace

Command token_revoke_command() {
  return {
      .words = "token revoke",
      .positional = "USER [ID...]",
      .help = "revoke API tokens of an account",
      .run = token_revoke,
      .effect = Effect::changes,
      .json = true,
      .description =
          "Each request that carries one is refused from then on. All of those that are named, or none.",
      .options = {{"--all", "", "every token of the account"}},
      .examples = {{"wharf-user token revoke ada 17 --reason 'was in a public log'", "a token has leaked"},
                   {"wharf-user token revoke ada --all", "nobody knows which one"}}};
}

}  // namespace wharf::admin
