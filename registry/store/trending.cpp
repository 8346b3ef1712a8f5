// SPDX-License-Identifier: MIT
#include "registry/store/trending.hpp"

#include <algorithm>
#include <span>

namespace wharf::store {

std::vector<Trend> rising_packages(Connection& connection, std::string_view recent_from,
                                   std::string_view earlier_from, std::string_view until,
                                   std::int64_t smoothing, std::uint64_t limit) {
  auto rows = connection.query(
      "SELECT package_id, CAST(recent AS SIGNED), CAST(earlier AS SIGNED) FROM"
      " (SELECT package_id, SUM(CASE WHEN day >= ? THEN count ELSE 0 END) AS recent,"
      "  SUM(CASE WHEN day >= ? THEN 0 ELSE count END) AS earlier"
      "  FROM package_downloads WHERE day >= ? AND day <= ? GROUP BY package_id) counted"
      " WHERE 4 * recent > earlier"
      " ORDER BY (recent + ?) / (earlier / 4 + ?) DESC, recent DESC, package_id LIMIT ?",
      recent_from, recent_from, earlier_from, until, smoothing, smoothing, limit);
  std::vector<Trend> trends;
  while (rows.next()) trends.push_back({rows.integer(0), rows.integer(1), rows.integer(2)});
  return trends;
}

bool take_trending_turn(Connection& connection, std::string_view period, Time at, Time next) {
  return connection.execute("UPDATE trending_periods SET due_at = ? WHERE period = ? AND due_at <= ?", next,
                            period, at) == 1;
}

void give_back_trending_turn(Connection& connection, std::string_view period, Time due_at) {
  connection.execute("UPDATE trending_periods SET due_at = ? WHERE period = ?", due_at, period);
}

void keep_trending(Connection& connection, std::string_view period, const std::vector<Trend>& trends,
                   Time counted_at, Time due_at) {
  constexpr std::size_t k_at_once = 250;
  connection.execute("DELETE FROM trending_packages WHERE period = ?", period);
  std::int64_t place = 0;
  for (std::size_t begin = 0; begin < trends.size(); begin += k_at_once) {
    const auto some = std::span(trends).subspan(begin, std::min(k_at_once, trends.size() - begin));
    std::string sql = "INSERT INTO trending_packages (period, place, package_id, recent, earlier) VALUES ";
    std::vector<Parameter> parameters;
    for (const auto& trend : some) {
      sql += parameters.empty() ? "(?, ?, ?, ?, ?)" : ", (?, ?, ?, ?, ?)";
      parameters.insert(parameters.end(), {parameter(period), parameter(++place), parameter(trend.package_id),
                                           parameter(trend.recent), parameter(trend.earlier)});
    }
    connection.run_update(sql, parameters);
  }
  connection.execute("UPDATE trending_periods SET counted_at = ?, due_at = ? WHERE period = ?", counted_at,
                     due_at, period);
}

std::vector<TrendingPackage> trending_packages(Connection& connection, std::string_view period,
                                               std::uint64_t limit, std::uint64_t offset) {
  auto rows = connection.query(
      "SELECT p.id, p.summary, COALESCE(d.total, 0), t.recent, t.earlier FROM trending_packages t"
      " JOIN packages p ON p.id = t.package_id LEFT JOIN download_totals d ON d.package_id = t.package_id"
      " WHERE t.period = ? AND p.latest_version IS NOT NULL ORDER BY t.place LIMIT ? OFFSET ?",
      period, limit, offset);
  std::vector<TrendingPackage> page;
  while (rows.next())
    page.push_back({rows.text(1), rows.integer(2), {rows.integer(0), rows.integer(3), rows.integer(4)}});
  return page;
}

std::int64_t count_trending(Connection& connection, std::string_view period) {
  auto rows = connection.query(
      "SELECT COUNT(*) FROM trending_packages t JOIN packages p ON p.id = t.package_id"
      " WHERE t.period = ? AND p.latest_version IS NOT NULL",
      period);
  rows.next();
  return rows.integer(0);
}

}  // namespace wharf::store
