// SPDX-License-Identifier: MIT
#include "admin-tools/common/moment.hpp"
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/quota_table.hpp"
#include "admin-tools/wharf-user/token_table.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

using Standings = std::vector<Quotas::Standing>;

void print_json(const UserAdministration::Details& details, const Standings& quotas) {
  const auto& user = details.user;
  const auto time = [](const std::optional<Time>& at) {
    return at ? std::optional(to_rfc3339(*at)) : std::nullopt;
  };
  json::Writer writer;
  writer.begin_object().member("username", user.username).member("user_id", std::to_string(user.id));
  writer.member("email", user.email).member("role", user.role).member("state", state_of(user));
  writer.member("created_at", to_rfc3339(user.created_at)).member("disabled_at", time(user.disabled_at));
  writer.member("deleted_at", time(user.deleted_at)).member("sessions", user.sessions);
  writer.key("packages").begin_array();
  for (const auto& package : details.packages) {
    writer.begin_object().member("name", package.name).member("role", package.role);
    writer.member("latest_version", package.latest_version).end_object();
  }
  writer.end_array().key("tokens").begin_array();
  for (const auto& token : details.tokens) write_token(writer, token);
  writer.end_array().key("quotas");
  write_quotas(writer, quotas);
  writer.end_object();
  finish(writer);
}

void print(const UserAdministration::Details& details, const Standings& quotas) {
  const auto& user = details.user;
  const std::string state(state_of(user));
  Facts facts;
  facts.add("user", user.username).add("id", std::to_string(user.id)).add("e-mail", user.email.value_or("-"));
  facts.add("role", user.role).add("state", user.disabled_at ? Cell(Colour::red, state) : Cell(state));
  facts.add("created", shown(user.created_at));
  if (user.disabled_at) facts.add("disabled", shown(user.disabled_at));
  if (user.deleted_at) facts.add("deleted", shown(user.deleted_at));
  facts.add("sessions", std::to_string(user.sessions));
  facts.add("packages", std::to_string(details.packages.size()));
  facts.add("tokens", std::to_string(details.tokens.size()));
  facts.print();
  if (!details.packages.empty()) {
    say("");
    Table table({"PACKAGE", "ROLE", "LATEST"});
    for (const auto& package : details.packages)
      table.add({package.name, package.role, package.latest_version.value_or("-")});
    table.finish();
  }
  if (!details.tokens.empty()) {
    say("");
    print_tokens(details.tokens);
  }
  if (!quotas.empty()) {
    say("");
    print_quotas(quotas);
  }
}

int show(const Arguments& arguments) {
  Context context(arguments);
  const auto details = context.users.show(context.who, arguments["USER"]);
  Standings quotas;
  if (!details.user.deleted_at) quotas = context.quotas.show(arguments["USER"]);
  if (arguments.json())
    print_json(details, quotas);
  else
    print(details, quotas);
  return 0;
}

}  // namespace

Command show_command() {
  return {.words = "show",
          .positional = "USER",
          .help = "show an account with its packages, tokens and quotas",
          .run = show,
          .effect = Effect::reads,
          .json = true,
          .description =
              "Of tokens everything but the token itself, which is nowhere. Deleted accounts are shown, too.",
          .examples = {{"wharf-user show ada", "whom am I about to disable?"}}};
}

}  // namespace wharf::admin
