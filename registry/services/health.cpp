// SPDX-License-Identifier: MIT
#include "registry/services/health.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>

#include "libwharf/base/log.hpp"
#include "registry/store/journal.hpp"

namespace wharf {

namespace {

constexpr std::uint64_t k_least_room =
    256u << 20;  // the largest upload, in staging and once more as it is adopted
constexpr auto k_clerk_silence = std::chrono::seconds(10);

bool has_room(const Path& directory) {
  struct statvfs about {};
  return ::access(directory.c_str(), W_OK | X_OK) == 0 && ::statvfs(directory.c_str(), &about) == 0 &&
         std::uint64_t{about.f_bavail} * about.f_frsize >= k_least_room;
}

}  // namespace

Health look_at_health(store::Database& database, const Config::Storage& storage,
                      VisibilityReader& visibility) {
  Health health;
  health.storage = has_room(storage.blobs) && has_room(storage.staging);
  const auto seen = visibility.look();
  health.clerk = seen && seen->heartbeat_age < k_clerk_silence;
  try {
    const auto [end, waiting_since] = database.read([&](store::Connection& connection) {
      const auto last = store::journal_end(connection).seq;
      std::optional<Time> since;
      if (seen && seen->visible_seq < last) since = store::event_time(connection, seen->visible_seq + 1);
      return std::pair(last, since);
    });
    health.database = true;
    if (seen) {
      health.lag_events = end > seen->visible_seq ? static_cast<std::int64_t>(end - seen->visible_seq) : 0;
      health.lag_ms = waiting_since ? std::max<std::int64_t>(0, (now() - *waiting_since).count()) : 0;
    }
  } catch (const std::exception& error) {
    log::warning("the health check cannot read the database", {{"because", error.what()}});
  }
  return health;
}

}  // namespace wharf
