// SPDX-License-Identifier: MIT
#include "registry/services/download_import.hpp"

#include <algorithm>
#include <map>

#include "registry/services/settle_change.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

namespace {

// The rest first, then day by day, without the first `known`, which are counted here already: days grow at
// their end.
std::map<std::string, std::uint64_t> days_after(const ForeignDownloads& there, std::uint64_t known) {
  std::uint64_t dated = 0;
  for (const auto& [day, count] : there.days) dated += count;
  std::vector<std::pair<std::string, std::uint64_t>> all;
  if (dated > there.total) {
    all.emplace_back(there.day_of_rest, there.total);
  } else {
    all.emplace_back(there.day_of_rest, there.total - dated);
    all.insert(all.end(), there.days.begin(), there.days.end());
  }
  std::map<std::string, std::uint64_t> days;
  for (const auto& [day, count] : all) {
    const auto passed = std::min(known, count);
    known -= passed;
    if (count > passed) days[day] += count - passed;
  }
  return days;
}

}  // namespace

std::uint64_t import_downloads(store::Database& database, const store::ForeignKey& version,
                               const std::string& subject, const ForeignDownloads& there,
                               const Principal& who, const Origin& origin) {
  return settled(database, [&](store::Connection& connection) -> std::uint64_t {
    const auto record = store::lock_imported(connection, version);
    if (!record || record->downloads >= there.total) return 0;
    const auto package_id = store::package_of_version(connection, record->local_id);
    if (!package_id) return 0;
    const std::uint64_t more = there.total - record->downloads;
    store::add_downloads(connection, *package_id, record->local_id, days_after(there, record->downloads));
    store::set_imported_downloads(connection, version, there.total);
    store::record_audit(connection,
                        {.action = "downloads-import",
                         .actor = who.username,
                         .subject = subject,
                         .address = origin.address,
                         .reason = origin.reason,
                         .request_id = origin.request_id,
                         .detail = std::to_string(more) + " downloads"},
                        now());
    return more;
  });
}

}  // namespace wharf
