// SPDX-License-Identifier: MIT
#include "registry/search/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "registry/search/words.hpp"

namespace wharf::search {

namespace {

// A package that nobody has touched for ever counts for this much of a new one.
constexpr double k_oldest = 0.8;
constexpr double k_fading_days = 2.0 * 365;
constexpr std::int64_t k_day = 24 * 3600 * 1000;

double recency(double age_days) {
  return k_oldest + (1 - k_oldest) * std::exp(-std::max(0.0, age_days) / k_fading_days);
}

double score_of(const Ranked& item, double strength) {
  const double share = item.merit / (item.merit + strength);
  const double score = item.tier == 2 ? 0.9 + 0.1 * share : item.tier == 1 ? 0.5 + 0.4 * share : 0.5 * share;
  return std::round(score * 1e4) / 1e4;
}

}  // namespace

std::vector<Ranked> rank(const Xapian::MSet& found, const QueryPlan& plan, std::int64_t now_milliseconds) {
  std::vector<Ranked> items;
  items.reserve(found.size());
  for (auto it = found.begin(); it != found.end(); ++it) {
    const auto document = it.get_document();
    Ranked item;
    item.id = *it;
    item.name = document.get_value(slot::k_name);
    const auto downloads = number_of_value(document.get_value(slot::k_downloads));
    // In whole days, so that what changed on one day stays in one order.
    const auto age = now_milliseconds / k_day - number_of_value(document.get_value(slot::k_updated)) / k_day;
    double text = it.get_weight() - plan.weight_of_band(download_band_of(downloads));
    if (!plan.name().empty()) {
      const auto whole = joined(item.name);
      if (whole == plan.name()) {
        item.tier = 2;
        text -= plan.weight_of_whole_name();
      }
      if (whole.starts_with(plan.name())) {
        item.tier = std::max(item.tier, plan.weight_of_beginning() > 0 ? 1 : 0);
        text -= plan.weight_of_beginning();
      }
    }
    // What matched by its name alone, or by a field, has no weight of its own.
    text = std::max(text, 0.1 * plan.strength());
    item.merit = text * popularity(static_cast<double>(downloads)) * recency(static_cast<double>(age));
    items.push_back(std::move(item));
  }
  const auto window = std::min<std::size_t>(items.size(), k_window);
  std::sort(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(window),
            [](const Ranked& a, const Ranked& b) {
              return std::tie(b.tier, b.merit, a.name) < std::tie(a.tier, a.merit, b.name);
            });
  double least = 1;
  for (auto& item : items) {
    least = std::min(least, score_of(item, plan.strength()));
    item.score = least;
  }
  return items;
}

}  // namespace wharf::search
