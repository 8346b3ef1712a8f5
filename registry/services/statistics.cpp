// SPDX-License-Identifier: MIT
#include "registry/services/statistics.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/json/value.hpp"
#include "registry/services/listings.hpp"
#include "registry/services/package_change.hpp"
#include "registry/store/dependents.hpp"
#include "registry/store/packages.hpp"

namespace wharf {

namespace {

constexpr auto k_overview_age = std::chrono::seconds(1);
constexpr std::uint64_t k_top = 10;

}  // namespace

const Statistics::Overview& Statistics::overview(Counts counts) {
  const auto moment = std::chrono::steady_clock::now();
  const bool counted = counted_ != std::chrono::steady_clock::time_point{};
  if (counts == Counts::a_second_old && counted && moment - counted_ < k_overview_age) return overview_;
  Overview fresh;
  fresh.at = now();
  const auto top = Listings(database_).page(Listings::Order::downloads, k_top, 0);
  for (const auto& package : top.packages) {
    const auto summary = json::parse(package.summary);
    fresh.top.push_back({std::string(summary.root()["name"].string().value_or("")), package.downloads});
  }
  database_.read([&](store::Connection& connection) {
    fresh.totals = store::totals(connection);
    fresh.users = store::count_users(connection);
    fresh.downloads = all_downloads(connection);
    return true;
  });
  overview_ = std::move(fresh);
  counted_ = moment;
  return overview_;
}

Statistics::OfPackage Statistics::of_package(std::string_view name, int days, Time at, Asked asked) {
  return database_.read([&](store::Connection& connection) {
    const auto figures = store::package_figures(connection, name);
    if (!figures) throw no_such_package(name);
    if (figures->quarantine && asked == Asked::by_anyone)
      throw quarantined_package(name, *figures->quarantine);
    OfPackage statistics;
    statistics.updated_at = figures->updated_at;
    statistics.total = figures->downloads;
    statistics.versions = figures->versions;
    statistics.dependents = store::count_dependents(connection, name);

    const auto counted =
        store::daily_downloads(connection, figures->id, first_day_of_last(std::max(days, k_year_days), at));
    const auto sum_of_last = [&](int last) {
      const auto first = first_day_of_last(last, at);
      std::int64_t sum = 0;
      for (const auto& [day, count] : counted)
        if (day >= first) sum += count;
      return sum;
    };
    statistics.week = sum_of_last(k_week_days);
    statistics.month = sum_of_last(k_month_days);
    statistics.year = sum_of_last(k_year_days);
    auto next = counted.begin();
    for (int ago = days; ago > 0; --ago) {
      store::DayCount day{first_day_of_last(ago, at), 0};
      next = std::find_if(next, counted.end(), [&](const auto& one) { return one.day >= day.day; });
      if (next != counted.end() && next->day == day.day) day.count = next->count;
      statistics.daily.push_back(std::move(day));
    }
    return statistics;
  });
}

Statistics::Dependents Statistics::dependents(std::string_view name, std::uint64_t limit,
                                              std::uint64_t offset) {
  return database_.read([&](store::Connection& connection) {
    const auto stamp = store::find_stamp(connection, name);
    if (!stamp) throw no_such_package(name);
    if (stamp->quarantine) throw quarantined_package(name, *stamp->quarantine);
    return Dependents{store::dependents(connection, name, limit, offset),
                      store::count_dependents(connection, name)};
  });
}

}  // namespace wharf
