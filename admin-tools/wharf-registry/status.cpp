// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-registry/status.hpp"

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "admin-tools/common/database.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/time.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/store/journal.hpp"

namespace wharf::admin {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_alive{1000};
// What a clerk may be behind by is this old at most.
constexpr milliseconds k_longest_lag{1000};

void print(const std::string& what, const std::string& how) {
  std::printf("%-24s %s\n", what.c_str(), how.c_str());
}

std::string behind(std::uint64_t end, std::uint64_t position) {
  // Past the end is what was published since that was read.
  return position >= end ? "up to date" : std::to_string(end - position) + " behind";
}

// The journal's end, or nothing where the database does not answer.
std::optional<std::uint64_t> show_database(store::Database& database) {
  try {
    return database.read([](store::Connection& connection) {
      const auto end = store::journal_end(connection).seq;
      print("database", "answers; the journal ends at " + std::to_string(end));
      for (const auto& clerk : store::clerks(connection))
        print("clerk of " + clerk.machine, "has read to " + std::to_string(clerk.position.seq) + ", " +
                                               behind(end, clerk.position.seq) + ", last change " +
                                               to_rfc3339(clerk.seen_at));
      return end;
    });
  } catch (const Error& error) {
    print("database",
          "does not answer: " + (error.detail().empty() ? error.public_message() : error.detail()));
    return std::nullopt;
  }
}

}  // namespace

bool show_status(const Config& config) {
  store::Database database(connection_settings(config, Config::Role::clerk));
  const auto end = show_database(database);
  VisibilityReader reader(config.clerk.state, config.clerk.socket);
  auto seen = reader.look();
  if (!seen || seen->heartbeat_age > k_alive) {
    print("clerk here", "does not run");
    return false;
  }
  const bool well = end && reader.wait_until_visible(*end, k_longest_lag);
  seen = reader.look();
  print("clerk here", "runs and shows " + std::to_string(seen ? seen->visible_seq : 0) +
                          (end && seen ? ", " + behind(*end, seen->visible_seq) : ""));
  return well;
}

}  // namespace wharf::admin
