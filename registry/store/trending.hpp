// SPDX-License-Identifier: MIT
// What is downloaded more than usual. Summing up the downloads of weeks takes seconds where there are many,
// so that it is done now and then, and its outcome kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

// A package's downloads: in the stretch of days that ends today, and in the four such stretches before it.
struct Trend {
  std::int64_t package_id = 0;
  std::int64_t recent = 0, earlier = 0;
};
// Packages that were downloaded more often lately than in the average stretch before, the steepest rise
// first: (recent + smoothing) / (earlier / 4 + smoothing). Days are `2026-01-31`; `recent_from` is the first
// of the recent ones, `earlier_from` of the earlier ones, `until` the last.
std::vector<Trend> rising_packages(Connection& connection, std::string_view recent_from,
                                   std::string_view earlier_from, std::string_view until,
                                   std::int64_t smoothing, std::uint64_t limit);

// Moves the moment at which a period is due to `next`, and tells whether it was due: of several who ask at
// once, one is told so.
bool take_trending_turn(Connection& connection, std::string_view period, Time at, Time next);
void give_back_trending_turn(Connection& connection, std::string_view period, Time due_at);
void keep_trending(Connection& connection, std::string_view period, const std::vector<Trend>& trends,
                   Time counted_at, Time due_at);

struct TrendingPackage {
  std::string summary;
  std::int64_t downloads = 0;  // ever
  Trend trend;
};
// Of what is kept, packages that still have a latest version.
std::vector<TrendingPackage> trending_packages(Connection& connection, std::string_view period,
                                               std::uint64_t limit, std::uint64_t offset);
std::int64_t count_trending(Connection& connection, std::string_view period);

}  // namespace wharf::store
