// SPDX-License-Identifier: MIT
#include "registry/store/downloads.hpp"

namespace wharf::store {

std::string day_of(Time at) {
  return to_rfc3339(at).substr(0, 10);
}

PackageDownloads downloads_of_package(Connection& connection, std::int64_t package_id,
                                      std::string_view week_begins, std::string_view month_begins) {
  auto rows = connection.query(
      "SELECT '' AS version, (SELECT COALESCE(SUM(total), 0) FROM download_totals WHERE package_id = ?) AS "
      "total,"
      " COALESCE(SUM(CASE WHEN day >= ? THEN count ELSE 0 END), 0) AS week, COALESCE(SUM(count), 0) AS month"
      " FROM package_downloads WHERE package_id = ? AND day >= ?"
      " UNION ALL SELECT v.version, t.total, 0, 0 FROM version_download_totals t"
      " JOIN versions v ON v.id = t.version_id WHERE t.package_id = ?",
      package_id, week_begins, package_id, month_begins, package_id);
  PackageDownloads all;
  while (rows.next()) {
    auto version = rows.text(0);
    if (version.empty())
      all.sums = {rows.integer(1), rows.integer(2), rows.integer(3)};
    else
      all.versions.emplace(std::move(version), rows.integer(1));
  }
  return all;
}

std::int64_t downloads_of_version(Connection& connection, std::int64_t version_id) {
  auto rows = connection.query("SELECT total FROM version_download_totals WHERE version_id = ?", version_id);
  return rows.next() ? rows.integer(0) : 0;
}

std::int64_t downloads_of_all(Connection& connection) {
  auto rows = connection.query("SELECT COALESCE(SUM(count), 0) FROM daily_downloads");
  rows.next();
  return rows.integer(0);
}

}  // namespace wharf::store
