// SPDX-License-Identifier: MIT
#include "registry/store/imported.hpp"

#include <algorithm>

namespace wharf::store {

namespace {

std::string_view kind_name(ForeignKey::Kind kind) {
  constexpr std::string_view k_names[] = {"user", "token", "package", "version"};
  return k_names[static_cast<int>(kind)];
}

std::optional<ImportedRow> imported_of(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return ImportedRow{rows.integer(0), static_cast<std::uint64_t>(rows.integer(1)), rows.integer(2) != 0};
}

}  // namespace

std::optional<ImportedRow> find_imported(Connection& connection, const ForeignKey& key) {
  return imported_of(
      connection.query("SELECT local_id, downloads, yanked FROM imported"
                       " WHERE dialect = ? AND kind = ? AND foreign_id = ?",
                       key.dialect, kind_name(key.kind), key.id));
}

std::optional<ImportedRow> lock_imported(Connection& connection, const ForeignKey& key) {
  return imported_of(
      connection.query("SELECT local_id, downloads, yanked FROM imported"
                       " WHERE dialect = ? AND kind = ? AND foreign_id = ? FOR UPDATE",
                       key.dialect, kind_name(key.kind), key.id));
}

void insert_imported(Connection& connection, const ForeignKey& key, std::int64_t local_id, Time at) {
  connection.execute(
      "INSERT INTO imported (dialect, kind, foreign_id, local_id, imported_at) VALUES (?, ?, ?, ?, ?)",
      key.dialect, kind_name(key.kind), key.id, local_id, at);
}

void set_imported_downloads(Connection& connection, const ForeignKey& key, std::uint64_t downloads) {
  connection.execute("UPDATE imported SET downloads = ? WHERE dialect = ? AND kind = ? AND foreign_id = ?",
                     downloads, key.dialect, kind_name(key.kind), key.id);
}

void set_imported_yanked(Connection& connection, const ForeignKey& key, bool yanked) {
  connection.execute("UPDATE imported SET yanked = ? WHERE dialect = ? AND kind = ? AND foreign_id = ?",
                     yanked ? 1 : 0, key.dialect, kind_name(key.kind), key.id);
}

std::map<std::string, ImportedRow> find_imported(Connection& connection, std::string_view dialect,
                                                 ForeignKey::Kind kind, const std::vector<std::string>& ids) {
  constexpr std::size_t k_at_once = 500;
  std::map<std::string, ImportedRow> found;
  for (std::size_t i = 0; i < ids.size(); i += k_at_once) {
    const auto end = std::min(ids.size(), i + k_at_once);
    std::string sql =
        "SELECT foreign_id, local_id, downloads, yanked FROM imported WHERE dialect = ? AND kind = ? AND "
        "foreign_id IN (";
    std::vector<Parameter> parameters = {parameter(dialect), parameter(kind_name(kind))};
    for (auto j = i; j < end; ++j) {
      sql += j == i ? "?" : ", ?";
      parameters.push_back(parameter(ids[j]));
    }
    auto rows = connection.run_query(sql + ")", parameters);
    while (rows.next())
      found[rows.text(0)] = {rows.integer(1), static_cast<std::uint64_t>(rows.integer(2)),
                             rows.integer(3) != 0};
  }
  return found;
}

void add_downloads(Connection& connection, std::int64_t package_id, std::int64_t version_id,
                   const std::map<std::string, std::uint64_t>& days) {
  const auto upsert = [&](const std::string& into, std::optional<std::int64_t> id) {
    auto day = days.begin();
    while (day != days.end()) {
      constexpr std::size_t k_at_once = 500;
      std::string sql = "INSERT INTO " + into + " VALUES ";
      std::vector<Parameter> parameters;
      for (std::size_t i = 0; i < k_at_once && day != days.end(); ++i, ++day) {
        sql += i == 0 ? "" : ", ";
        sql += id ? "(?, ?, ?)" : "(?, ?)";
        if (id) parameters.push_back(parameter(*id));
        parameters.push_back(parameter(day->first));
        parameters.push_back(parameter(day->second));
      }
      connection.run_update(sql + " ON DUPLICATE KEY UPDATE count = count + VALUES(count)", parameters);
    }
  };
  std::uint64_t sum = 0;
  for (const auto& [day, count] : days) sum += count;
  if (sum == 0) return;
  upsert("version_downloads (version_id, day, count)", version_id);
  upsert("imported_downloads (version_id, day, count)", version_id);
  upsert("package_downloads (package_id, day, count)", package_id);
  upsert("daily_downloads (day, count)", std::nullopt);
  connection.execute(
      "INSERT INTO version_download_totals (version_id, package_id, total) VALUES (?, ?, ?)"
      " ON DUPLICATE KEY UPDATE total = total + VALUES(total)",
      version_id, package_id, sum);
  connection.execute(
      "INSERT INTO download_totals (package_id, total) VALUES (?, ?)"
      " ON DUPLICATE KEY UPDATE total = total + VALUES(total)",
      package_id, sum);
}

}  // namespace wharf::store
