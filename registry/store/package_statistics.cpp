// SPDX-License-Identifier: MIT
#include "registry/store/package_statistics.hpp"

namespace wharf::store {

std::optional<PackageFigures> package_figures(Connection& connection, std::string_view name) {
  auto rows = connection.query(
      "SELECT p.id, p.updated_at,"
      " (SELECT COUNT(*) FROM versions v WHERE v.package_id = p.id AND v.state <> 'removed'),"
      " COALESCE(t.total, 0), p.quarantined_at, p.quarantine_reason FROM packages p LEFT JOIN "
      "download_totals t ON t.package_id = p.id"
      " WHERE p.name = ?",
      name);
  if (!rows.next()) return std::nullopt;
  return PackageFigures{rows.integer(0), rows.time(1), rows.integer(2), rows.integer(3),
                        quarantine_of(rows, 4)};
}

std::vector<DayCount> daily_downloads(Connection& connection, std::int64_t package_id,
                                      std::string_view from) {
  auto rows = connection.query(
      "SELECT DATE_FORMAT(day, '%Y-%m-%d'), count FROM package_downloads"
      " WHERE package_id = ? AND day >= ? ORDER BY day",
      package_id, from);
  std::vector<DayCount> days;
  while (rows.next()) days.push_back({rows.text(0), rows.integer(1)});
  return days;
}

}  // namespace wharf::store
