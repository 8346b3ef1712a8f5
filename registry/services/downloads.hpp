// SPDX-License-Identifier: MIT
// How often archives were downloaded: the one place that every answer takes its counts from. What counts as a
// download stands in docs/formats/download-log.md; the clerk counts, at most about a second behind nginx.
//
// A week, a month and a year are the last 7, 30 and 365 days in UTC, today included.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "registry/store/connection.hpp"

namespace wharf {

inline constexpr int k_week_days = 7, k_month_days = 30, k_year_days = 365;

// The first of the last `days` days, as text: 2026-01-31.
std::string first_day_of_last(int days, Time moment = now());

struct DownloadCounts {
  std::int64_t total = 0, week = 0, month = 0;
  std::map<std::string, std::int64_t, std::less<>> versions;  // those that were ever downloaded
  std::int64_t of(std::string_view version) const {
    const auto found = versions.find(version);
    return found == versions.end() ? 0 : found->second;
  }
};

// One query each.
DownloadCounts download_counts(store::Connection& connection, std::int64_t package_id);
// The same without `versions`, for those who ask what changed.
DownloadCounts download_sums(store::Connection& connection, std::int64_t package_id);
std::int64_t version_downloads(store::Connection& connection, std::int64_t version_id);
std::int64_t all_downloads(store::Connection& connection);

}  // namespace wharf
