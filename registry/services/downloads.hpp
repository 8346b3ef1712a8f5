// SPDX-License-Identifier: MIT
// How often archives were downloaded: the one place that every answer takes its counts from. What counts as a
// download stands in docs/formats/download-log.md; the clerk counts, at most about a second behind nginx.
//
// A week, a month and a year are the last 7, 30 and 365 days in UTC, today included.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

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
std::int64_t version_downloads(store::Connection& connection, std::int64_t version_id);
std::int64_t all_downloads(store::Connection& connection);

// The counts of packages that were asked for lately, for a worker that is asked for the same ones again and
// again. No count changes without the package's total, which a reader gets with the row itself; so what is
// remembered is right for as long as the total and the day are the same. After k_seconds it is read anew all
// the same, since an operator may have put a database back.
class DownloadMemory {
 public:
  static constexpr std::size_t k_packages = 256;
  static constexpr int k_seconds = 10;
  // Nothing is asked of the database where the total is 0. Valid until the next call.
  const DownloadCounts& counts(store::Connection& connection, std::int64_t package_id, std::int64_t total);

 private:
  struct Known {
    DownloadCounts counts;
    std::string day;
    std::chrono::steady_clock::time_point until;
  };
  std::unordered_map<std::int64_t, Known> known_;
};

}  // namespace wharf
