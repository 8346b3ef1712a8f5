// SPDX-License-Identifier: MIT
#include "registry/store/checks.hpp"
#include "registry/store/download_logs.hpp"

namespace wharf::store {

namespace {

void collect(std::vector<WrongSum>& wrong, Rows rows) {
  while (rows.next()) wrong.push_back({rows.integer(0), rows.text(1), rows.integer(2), rows.integer(3)});
}

}  // namespace

// Each in one statement, which sees one state of the tables.
std::vector<WrongSum> wrong_download_sums(Connection& connection, std::int64_t after, std::int64_t up_to) {
  std::vector<WrongSum> wrong;
  collect(
      wrong,
      connection.query(
          "SELECT v.package_id, CONCAT('version ', v.version, ' in all'), COALESCE(t.total, 0) AS kept,"
          " COALESCE((SELECT SUM(d.count) FROM version_downloads d WHERE d.version_id = v.id), 0) AS summed"
          " FROM versions v LEFT JOIN version_download_totals t ON t.version_id = v.id"
          " WHERE v.package_id > ? AND v.package_id <= ? HAVING kept <> summed",
          after, up_to));
  collect(wrong, connection.query("SELECT p.id, 'all versions in all', COALESCE(t.total, 0) AS kept,"
                                  " COALESCE((SELECT SUM(v.total) FROM version_download_totals v WHERE "
                                  "v.package_id = p.id), 0) AS summed"
                                  " FROM packages p LEFT JOIN download_totals t ON t.package_id = p.id"
                                  " WHERE p.id > ? AND p.id <= ? HAVING kept <> summed",
                                  after, up_to));
  collect(wrong,
          connection.query("SELECT s.package_id, s.day, COALESCE(k.count, 0) AS kept, s.summed FROM"
                           " (SELECT v.package_id, d.day, SUM(d.count) AS summed FROM versions v"
                           "   JOIN version_downloads d ON d.version_id = v.id"
                           "  WHERE v.package_id > ? AND v.package_id <= ? GROUP BY v.package_id, d.day) s"
                           " LEFT JOIN package_downloads k ON k.package_id = s.package_id AND k.day = s.day "
                           "HAVING kept <> summed",
                           after, up_to));
  collect(wrong, connection.query("SELECT k.package_id, k.day, k.count, 0 FROM package_downloads k"
                                  " WHERE k.package_id > ? AND k.package_id <= ? AND k.count > 0 AND NOT "
                                  "EXISTS (SELECT 1 FROM versions v"
                                  " JOIN version_downloads d ON d.version_id = v.id AND d.day = k.day WHERE "
                                  "v.package_id = k.package_id)",
                                  after, up_to));
  return wrong;
}

std::vector<WrongSum> wrong_daily_downloads(Connection& connection) {
  std::vector<WrongSum> wrong;
  collect(wrong, connection.query("SELECT 0, s.day, COALESCE(d.count, 0) AS kept, s.summed FROM"
                                  " (SELECT day, SUM(count) AS summed FROM package_downloads GROUP BY day) s"
                                  " LEFT JOIN daily_downloads d ON d.day = s.day HAVING kept <> summed"));
  collect(wrong, connection.query(
                     "SELECT 0, d.day, d.count, 0 FROM daily_downloads d WHERE d.count > 0 AND NOT EXISTS"
                     " (SELECT 1 FROM package_downloads p WHERE p.day = d.day)"));
  return wrong;
}

std::int64_t greatest_package_id(Connection& connection) {
  auto rows = connection.query("SELECT COALESCE(MAX(id), 0) FROM packages");
  rows.next();
  return rows.integer(0);
}

std::string package_name(Connection& connection, std::int64_t id) {
  auto rows = connection.query("SELECT name FROM packages WHERE id = ?", id);
  return rows.next() ? rows.text(0) : "package " + std::to_string(id);
}

void sum_downloads_anew(Connection& connection, std::int64_t package_id) {
  // Whoever counts moves a log's position first, and so waits from here on: rows that are not there yet
  // cannot be locked.
  lock_download_logs(connection);
  connection.execute("DELETE FROM version_download_totals WHERE package_id = ?", package_id);
  connection.execute(
      "INSERT INTO version_download_totals (version_id, package_id, total)"
      " SELECT v.id, v.package_id, SUM(d.count) FROM versions v JOIN version_downloads d ON d.version_id = "
      "v.id"
      " WHERE v.package_id = ? GROUP BY v.id, v.package_id",
      package_id);
  connection.execute("DELETE FROM package_downloads WHERE package_id = ?", package_id);
  connection.execute(
      "INSERT INTO package_downloads (package_id, day, count)"
      " SELECT v.package_id, d.day, SUM(d.count) FROM versions v JOIN version_downloads d ON d.version_id = "
      "v.id"
      " WHERE v.package_id = ? GROUP BY v.package_id, d.day",
      package_id);
  connection.execute("DELETE FROM download_totals WHERE package_id = ?", package_id);
  connection.execute(
      "INSERT INTO download_totals (package_id, total) SELECT package_id, SUM(total) FROM "
      "version_download_totals"
      " WHERE package_id = ? GROUP BY package_id",
      package_id);
}

void sum_daily_downloads_anew(Connection& connection) {
  lock_download_logs(connection);
  std::vector<std::string> days;
  for (const auto& wrong : wrong_daily_downloads(connection)) days.push_back(wrong.what);
  for (const auto& day : days) {
    connection.execute(
        "INSERT INTO daily_downloads (day, count) SELECT ?, COALESCE(SUM(count), 0) FROM package_downloads "
        "WHERE day = ?"
        " ON DUPLICATE KEY UPDATE count = VALUES(count)",
        day, day);
  }
}

}  // namespace wharf::store
