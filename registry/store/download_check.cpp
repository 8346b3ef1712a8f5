// SPDX-License-Identifier: MIT
#include "registry/store/download_check.hpp"

#include "registry/store/row_lists.hpp"

namespace wharf::store {

namespace {

// Each kept sum: its table, its key, and what it must be.
struct Sum {
  std::string_view table, key, value, query;
};

constexpr Sum k_sums[] = {
    {"package_downloads", "package_id, day", "count",
     "SELECT v.package_id AS package_id, d.day AS day, SUM(d.count) AS sum FROM version_downloads d"
     " JOIN versions v ON v.id = d.version_id GROUP BY v.package_id, d.day"},
    {"daily_downloads", "day", "count", "SELECT day, SUM(count) AS sum FROM version_downloads GROUP BY day"},
    {"version_download_totals", "version_id, package_id", "total",
     "SELECT d.version_id AS version_id, v.package_id AS package_id, SUM(d.count) AS sum"
     " FROM version_downloads d JOIN versions v ON v.id = d.version_id GROUP BY d.version_id, v.package_id"},
    {"download_totals", "package_id", "total",
     "SELECT v.package_id AS package_id, SUM(d.count) AS sum FROM version_downloads d"
     " JOIN versions v ON v.id = d.version_id GROUP BY v.package_id"},
};

std::string text(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const auto part : parts) all += part;
  return all;
}

std::map<VersionDay, std::uint64_t> by_day(Rows rows) {
  std::map<VersionDay, std::uint64_t> found;
  while (rows.next())
    found.emplace(VersionDay{rows.integer(0), rows.text(1)}, static_cast<std::uint64_t>(rows.integer(2)));
  return found;
}

}  // namespace

void begin_snapshot(Connection& connection) {
  connection.run_text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  connection.begin();
}

std::map<VersionDay, std::uint64_t> counted_downloads(Connection& connection, std::string_view first,
                                                      std::string_view last) {
  return by_day(
      connection.query("SELECT version_id, DATE_FORMAT(day, '%Y-%m-%d'), count FROM version_downloads"
                       " WHERE day >= ? AND day <= ?",
                       first, last));
}

std::map<VersionDay, std::uint64_t> imported_downloads(Connection& connection, std::string_view first,
                                                       std::string_view last) {
  return by_day(
      connection.query("SELECT version_id, DATE_FORMAT(day, '%Y-%m-%d'), count FROM imported_downloads"
                       " WHERE day >= ? AND day <= ?",
                       first, last));
}

void set_downloads(Connection& connection, const VersionDay& key, std::uint64_t count) {
  if (count == 0)
    connection.execute("DELETE FROM version_downloads WHERE version_id = ? AND day = ?", key.first,
                       key.second);
  else
    connection.execute(
        "INSERT INTO version_downloads (version_id, day, count) VALUES (?, ?, ?)"
        " ON DUPLICATE KEY UPDATE count = VALUES(count)",
        key.first, key.second, count);
}

std::vector<std::string> wrong_sums(Connection& connection) {
  std::vector<std::string> wrong;
  for (const auto& sum : k_sums) {
    auto rows = connection.query(text(
        {"SELECT (SELECT COUNT(*) FROM (", sum.query, ") d LEFT JOIN ", sum.table, " s USING (", sum.key,
         ") WHERE s.", sum.value, " IS NULL OR s.", sum.value, " <> d.sum), (SELECT COALESCE(SUM(", sum.value,
         "), 0) FROM ", sum.table, "), (SELECT COALESCE(SUM(count), 0) FROM version_downloads)"}));
    rows.next();
    if (rows.integer(0) != 0 || rows.integer(1) != rows.integer(2)) wrong.emplace_back(sum.table);
  }
  return wrong;
}

void mend_sums(Connection& connection) {
  for (const auto& sum : k_sums) {
    connection.execute(text({"DELETE FROM ", sum.table}));
    connection.execute(text({"INSERT INTO ", sum.table, " (", sum.key, ", ", sum.value, ") ", sum.query}));
  }
}

std::map<std::int64_t, VersionName> version_names(Connection& connection,
                                                  const std::vector<std::int64_t>& ids) {
  RowList rows;
  for (const auto id : ids) rows.push_back({parameter(id)});
  std::map<std::int64_t, VersionName> names;
  query_for_rows(connection,
                 "SELECT v.id, p.name, v.version FROM versions v JOIN packages p ON p.id = v.package_id"
                 " WHERE v.id IN (",
                 "?", ", ", ")", rows, [&](const Rows& row) {
                   names[row.integer(0)] = {row.text(1), row.text(2)};
                 });
  return names;
}

}  // namespace wharf::store
