// SPDX-License-Identifier: MIT
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "admin-tools/common/database.hpp"
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/time.hpp"
#include "libwharf/command/output.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/store/journal.hpp"

namespace wharf::admin {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_alive{1000};
// What a clerk may be behind by is this old at most.
constexpr milliseconds k_longest_lag{1000};

struct Status {
  std::optional<std::uint64_t> journal_end;  // nothing where the database does not answer
  std::string trouble;                       // why not
  std::vector<store::ClerkRow> clerks;
  bool clerk_runs = false;
  std::uint64_t visible = 0;
  bool well = false;
};

Status look(const Config& config) {
  Status status;
  store::Database database(connection_settings(config, Config::Role::clerk));
  try {
    status.journal_end =
        database.read([](store::Connection& connection) { return store::journal_end(connection).seq; });
    status.clerks = database.read([](store::Connection& connection) { return store::clerks(connection); });
  } catch (const Error& error) {
    status.trouble = error.detail().empty() ? error.public_message() : error.detail();
  }
  VisibilityReader reader(config.clerk.state, config.clerk.socket);
  auto seen = reader.look();
  status.clerk_runs = seen && seen->heartbeat_age <= k_alive;
  if (!status.clerk_runs) return status;
  status.well = status.journal_end && reader.wait_until_visible(*status.journal_end, k_longest_lag);
  seen = reader.look();
  status.visible = seen ? seen->visible_seq : 0;
  return status;
}

std::string behind(std::uint64_t end, std::uint64_t position) {
  // Past the end is what was published since that was read.
  return position >= end ? "up to date" : std::to_string(end - position) + " behind";
}

void print_row(const std::string& what, const std::string& how) {
  say(what + std::string(what.size() < 24 ? 24 - what.size() : 0, ' ') + " " + how);
}

void print(const Status& status) {
  const auto end = status.journal_end;
  print_row("database", end ? "answers; the journal ends at " + std::to_string(*end)
                            : "does not answer: " + status.trouble);
  for (const auto& clerk : status.clerks)
    print_row("clerk of " + clerk.machine, "has read to " + std::to_string(clerk.position.seq) + ", " +
                                               behind(end.value_or(0), clerk.position.seq) +
                                               ", last change " + to_rfc3339(clerk.seen_at));
  print_row("clerk here", status.clerk_runs ? "runs and shows " + std::to_string(status.visible) +
                                                  (end ? ", " + behind(*end, status.visible) : "")
                                            : "does not run");
}

void print_json(const Status& status) {
  json::Writer writer;
  writer.begin_object().member("well", status.well).member("journal_end", status.journal_end);
  writer.key("clerk_here").begin_object().member("runs", status.clerk_runs);
  writer.member("visible", status.visible).end_object().key("clerks").begin_array();
  for (const auto& clerk : status.clerks) {
    writer.begin_object().member("machine", clerk.machine).member("position", clerk.position.seq);
    writer.member("seen_at", to_rfc3339(clerk.seen_at)).end_object();
  }
  writer.end_array().end_object();
  finish(writer);
}

int show_status(const Arguments& arguments) {
  const auto status = look(config_of(arguments));
  if (arguments.json())
    print_json(status);
  else
    print(status);
  return status.well ? 0 : 1;
}

}  // namespace

Command status_command() {
  return {.words = "status",
          .positional = "",
          .help = "show how far the journal and those who follow it are",
          .run = show_status,
          .effect = Effect::reads,
          .json = true,
          .description =
              "Whether the database answers and where its journal ends, whether this machine's clerk runs "
              "and what it "
              "shows, and how far the clerks of all machines have read. The exit status is 1 where the "
              "database is "
              "away, where no clerk runs here, or where it is a second or more behind.",
          .examples = {{"wharf-registry status", "see whether all is well"}}};
}

}  // namespace wharf::admin
