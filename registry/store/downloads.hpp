// SPDX-License-Identifier: MIT
// Reading the download counts. A day is a UTC day as text, `2026-01-31`; the clerk alone writes these rows.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "registry/store/connection.hpp"

namespace wharf::store {

// The day of a moment.
std::string day_of(Time at);

struct DownloadSums {
  std::int64_t total = 0, week = 0, month = 0;
};

// A package's downloads: all, those of the days from `week_begins` and from `month_begins` on, and the totals
// of those versions that were ever downloaded, removed ones included. One query.
struct PackageDownloads {
  DownloadSums sums;
  std::map<std::string, std::int64_t, std::less<>> versions;
};
PackageDownloads downloads_of_package(Connection& connection, std::int64_t package_id,
                                      std::string_view week_begins, std::string_view month_begins);

std::int64_t downloads_of_version(Connection& connection, std::int64_t version_id);
// Of everything, ever.
std::int64_t downloads_of_all(Connection& connection);

}  // namespace wharf::store
