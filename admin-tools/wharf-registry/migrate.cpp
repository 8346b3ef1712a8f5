// SPDX-License-Identifier: MIT
#include "admin-tools/common/operator.hpp"
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/command/output.hpp"
#include "registry/services/services.hpp"
#include "registry/store/migrations.hpp"

namespace wharf::admin {

namespace {

int show_pending(const Arguments& arguments, store::Connection& connection) {
  const auto pending = store::pending_migrations(connection);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().key("pending").begin_array();
    for (const auto& migration : pending) {
      writer.begin_object().member("number", migration.number).member("name", migration.name).end_object();
    }
    writer.end_array().end_object();
    finish(writer);
    return 0;
  }
  for (const auto& migration : pending)
    say("would apply migration " + std::to_string(migration.number) + ", " + std::string(migration.name));
  if (pending.empty()) say("the schema is up to date");
  return 0;
}

int migrate(const Arguments& arguments) {
  const auto config = config_of(arguments);
  const auto origin = origin_of(arguments);
  const auto settings = connection_settings(config, Config::Role::admin);
  store::Connection connection(settings);
  if (arguments.has("--dry-run")) return show_pending(arguments, connection);
  const auto applied = store::migrate(connection);
  std::string numbers;
  for (const int number : applied) numbers.append(numbers.empty() ? "" : ", ").append(std::to_string(number));
  if (!applied.empty()) note_in_audit(connection, "migrate", "schema", "applied " + numbers, origin);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().key("applied").begin_array();
    for (const int number : applied) writer.value(number);
    writer.end_array().end_object();
    finish(writer);
    return 0;
  }
  for (const int number : applied) say("applied migration " + std::to_string(number));
  if (applied.empty()) say("the schema is up to date");
  return 0;
}

}  // namespace

Command migrate_command() {
  return {.words = "migrate",
          .positional = "",
          .help = "bring the database's schema up to date",
          .run = migrate,
          .effect = Effect::changes,
          .json = true,
          .description =
              "Done as `database.admin_user`. Programs refuse to work with another schema than their "
              "own. What was applied is noted in the audit log; where nothing was missing, nothing is.",
          .options = {{"--dry-run", "", "show what would be applied, and change nothing"}},
          .examples = {{"wharf-registry migrate", "after an upgrade, before the workers are started"}}};
}

}  // namespace wharf::admin
