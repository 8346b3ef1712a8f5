// SPDX-License-Identifier: MIT
// Which packages are downloaded more than usual.
//
// A period is a week (7 days) or a month (28 days), ending today in UTC. A package's score compares its
// downloads in the period with the average of the four such periods before it:
//
//     score = (recent + 20) / (earlier / 4 + 20)
//
// The 20 keep a handful of downloads from being a trend: 1 after none scores 1.05, 100 after none 6.0, 1000
// after 500 a period 1.96. Packages that score above 1 are listed, the highest first, at most 1000. What is
// shown is as old as counting allows: a minute where that is quick, and never more than a hundredth of the
// time is spent on it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "libwharf/base/time.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/trending.hpp"

namespace wharf {

enum class TrendPeriod { week, month };
std::string_view period_name(TrendPeriod period);

double trend_score(const store::Trend& trend);

class Trending {
 public:
  explicit Trending(store::Database& database) : database_(database) {}

  struct Page {
    std::vector<store::TrendingPackage> packages;
    std::int64_t total = 0;
  };
  Page page(TrendPeriod period, std::uint64_t limit, std::uint64_t offset);

  // Counts a period again if that is due, and nobody else is at it. Takes seconds where there are millions of
  // counts; true where it was done. Where the server is told to end the counting, or lost, it begins anew
  // unless `stopping` says otherwise.
  bool refresh_if_due(
      TrendPeriod period, Time at = now(), const std::function<bool()>& stopping = [] { return false; });

 private:
  store::Database& database_;
};

}  // namespace wharf
