// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>

#include "admin-tools/common/database.hpp"
#include "admin-tools/common/moment.hpp"
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/command/output.hpp"
#include "registry/store/audit_log.hpp"

namespace wharf::admin {

namespace {

constexpr std::int64_t k_default_limit = 100, k_most = 1'000'000'000;

void write_row(json::Writer& writer, const store::AuditRow& row) {
  writer.begin_object();
  writer.member("id", row.id).member("at", to_rfc3339(row.at)).member("action", row.action);
  writer.member("actor", row.actor).member("subject", row.subject).member("address", row.address);
  writer.member("reason", row.reason).member("detail", row.detail).member("request_id", row.request_id);
  writer.end_object();
}

Cell cell(const std::optional<std::string>& text) {
  return Cell(printable(text.value_or("-")));
}

int audit(const Arguments& arguments) {
  store::AuditFilter filter;
  filter.action = arguments.maybe("--action");
  filter.actor = arguments.maybe("--actor");
  filter.subject = arguments.maybe("--subject");
  filter.since = moment(arguments, "--since");
  filter.until = moment(arguments, "--until");
  const bool follow = arguments.has("--follow");
  if (follow && arguments.json())
    throw UsageError("--follow has no end, and so no --json; leave one of the two out");
  const auto limit =
      static_cast<std::uint64_t>(arguments.number("--limit", 0, k_most).value_or(k_default_limit));

  const auto config = config_of(arguments);
  store::Database database(connection_settings(config, Config::Role::admin));
  json::Writer writer;
  if (arguments.json()) writer.begin_object().key("entries").begin_array();
  store::AuditFollower follower(filter);
  using Visit = std::function<void(const store::AuditRow&)>;
  const auto print = [&](const std::function<void(const Visit&)>& read) {
    Table table({"AT", "ACTION", "ACTOR", "SUBJECT", "FROM", "DETAIL", "REASON"});
    read([&](const store::AuditRow& row) {
      if (arguments.json()) {
        write_row(writer, row);
        put(writer);
      } else {
        table.add({to_rfc3339(row.at), printable(row.action), cell(row.actor), cell(row.subject),
                   cell(row.address), cell(row.detail), cell(row.reason)});
      }
      if (follow) follower.shown(row.id);
    });
    table.finish();
  };
  if (follow) follower.begin(database.connection());
  // Not again after a lost connection: what was printed is printed.
  print([&](const Visit& visit) { store::each_audit_row(database.connection(), filter, limit, 0, visit); });
  while (follow) {
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    print([&](const Visit& visit) { follower.round(database.connection(), visit); });
  }
  if (arguments.json()) {
    writer.end_array().end_object();
    finish(writer);
  }
  return 0;
}

}  // namespace

Command audit_command() {
  return {
      .words = "audit",
      .positional = "",
      .help = "show who did what, from where and why",
      .run = audit,
      .effect = Effect::reads,
      .json = true,
      .description =
          "The newest entries of the audit log that match, oldest first. In `--action`, `--actor` and "
          "`--subject`, `*` "
          "stands for any text; a package's name also finds its versions. What an operator did at the "
          "command line "
          "stands under `os:NAME`.",
      .options = {{"--action", "WHAT", "publish, login-failed, owner-*, ..."},
                  {"--actor", "USER", "who did it"},
                  {"--subject", "WHAT", "the account, package, version or token that it was done to"},
                  {"--since", "WHEN", "from then on: 2026-01-31, 2026-01-31T10:00:00Z, or 7d, 12h, 30m ago"},
                  {"--until", "WHEN", "before then"},
                  {"--limit", "N", "the newest N; 0 is all (default 100)"},
                  {"--follow", "", "go on with what is added, until it is ended"}},
      .examples = {
          {"wharf-registry audit --action login-failed --since 1d", "who failed to sign in"},
          {"wharf-registry audit --subject mylib --limit 0", "everything that happened to a package"}}};
}

}  // namespace wharf::admin
