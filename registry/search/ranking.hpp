// SPDX-License-Identifier: MIT
// The exact order of the best: whose name is what was asked for, then the rest by BM25 times popularity times
// recency, with something more for names that begin so. Inside of this room alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "registry/search/query_plan.hpp"

namespace wharf::search {

struct Ranked {
  Xapian::docid id = 0;
  std::string name;
  int tier = 0;      // 1: the name is what was asked for, 0: anything else
  double merit = 0;  // within the tier
  double score = 0;  // 0–1, falling
};

// Scores from here on are those of tier 1.
inline constexpr double k_is_the_name = 0.9;

// Items of `found`, in its order; the first `k_window` of them are brought into the exact order.
inline constexpr Xapian::doccount k_window = 200;
std::vector<Ranked> rank(const Xapian::Database& database, const Xapian::MSet& found, const QueryPlan& plan,
                         std::int64_t now_milliseconds);

}  // namespace wharf::search
