// SPDX-License-Identifier: MIT
#include "registry/services/downloads.hpp"

#include "registry/store/downloads.hpp"

namespace wharf {

std::string first_day_of_last(int days, Time moment) {
  return store::day_of(moment - std::chrono::days(days - 1));
}

DownloadCounts download_counts(store::Connection& connection, std::int64_t package_id) {
  const auto moment = now();
  auto [sums, versions] =
      store::downloads_of_package(connection, package_id, first_day_of_last(k_week_days, moment),
                                  first_day_of_last(k_month_days, moment));
  return {sums.total, sums.week, sums.month, std::move(versions)};
}

std::int64_t version_downloads(store::Connection& connection, std::int64_t version_id) {
  return store::downloads_of_version(connection, version_id);
}

std::int64_t all_downloads(store::Connection& connection) {
  return store::downloads_of_all(connection);
}

const DownloadCounts& DownloadMemory::counts(store::Connection& connection, std::int64_t package_id,
                                             std::int64_t total) {
  static const DownloadCounts none;
  if (total == 0) return none;
  const auto today = store::day_of(now());
  const auto moment = std::chrono::steady_clock::now();
  if (const auto found = known_.find(package_id); found != known_.end()) {
    const auto& known = found->second;
    if (known.counts.total == total && known.day == today && moment < known.until) return known.counts;
    known_.erase(found);
  }
  if (known_.size() >= k_packages) known_.clear();
  auto counts = download_counts(connection, package_id);
  return known_.emplace(package_id, Known{std::move(counts), today, moment + std::chrono::seconds(k_seconds)})
      .first->second.counts;
}

}  // namespace wharf
