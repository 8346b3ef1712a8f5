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

DownloadCounts download_sums(store::Connection& connection, std::int64_t package_id) {
  const auto moment = now();
  const auto sums = store::sums_of_package(connection, package_id, first_day_of_last(k_week_days, moment),
                                           first_day_of_last(k_month_days, moment));
  return {sums.total, sums.week, sums.month, {}};
}

std::int64_t version_downloads(store::Connection& connection, std::int64_t version_id) {
  return store::downloads_of_version(connection, version_id);
}

std::int64_t all_downloads(store::Connection& connection) {
  return store::downloads_of_all(connection);
}

}  // namespace wharf
