// SPDX-License-Identifier: MIT
#include "registry/services/trending.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "registry/store/downloads.hpp"

namespace wharf {

namespace {

using std::chrono::days;

constexpr std::int64_t k_smoothing = 20;
constexpr int k_earlier_periods = 4;
constexpr std::uint64_t k_kept = 1000;
constexpr auto k_least_pause = std::chrono::minutes(1);
constexpr int k_rest_to_work = 100;
// Whoever has taken a turn and does not come back, has died at it; then another may.
constexpr auto k_longest_turn = std::chrono::minutes(15);

days length_of(TrendPeriod period) {
  return period == TrendPeriod::week ? days(7) : days(28);
}

}  // namespace

std::string_view period_name(TrendPeriod period) {
  return period == TrendPeriod::week ? "week" : "month";
}

double trend_score(const store::Trend& trend) {
  return static_cast<double>(trend.recent + k_smoothing) /
         (static_cast<double>(trend.earlier) / k_earlier_periods + static_cast<double>(k_smoothing));
}

Trending::Page Trending::page(TrendPeriod period, std::uint64_t limit, std::uint64_t offset) {
  return database_.read([&](store::Connection& connection) {
    return Page{store::trending_packages(connection, period_name(period), limit, offset),
                store::count_trending(connection, period_name(period))};
  });
}

bool Trending::refresh_if_due(TrendPeriod period, Time at, const std::function<bool()>& stopping) {
  const auto name = period_name(period);
  const bool mine = database_.transaction([&](store::Connection& connection) {
    return store::take_trending_turn(connection, name, at, at + k_longest_turn);
  });
  if (!mine) return false;

  const auto begin = std::chrono::steady_clock::now();
  const auto length = length_of(period);
  const auto trends = database_.read([&](store::Connection& connection) {
    if (stopping()) return std::vector<store::Trend>();
    return store::rising_packages(connection, store::day_of(at - length + days(1)),
                                  store::day_of(at - length * (1 + k_earlier_periods) + days(1)),
                                  store::day_of(at), k_smoothing, k_kept);
  });
  if (stopping()) {
    database_.transaction(
        [&](store::Connection& connection) { store::give_back_trending_turn(connection, name, at); });
    return false;
  }
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  const auto pause = std::max<std::chrono::milliseconds>(k_least_pause, took * k_rest_to_work);
  database_.transaction([&](store::Connection& connection) {
    store::keep_trending(connection, name, trends, at, at + took + pause);
  });
  return true;
}

}  // namespace wharf
