// SPDX-License-Identifier: MIT
#include "registry/store/versions.hpp"

#include "libwharf/base/error.hpp"

namespace wharf::store {

std::string_view state_name(VersionState state) {
  switch (state) {
    case VersionState::active:
      return "active";
    case VersionState::yanked:
      return "yanked";
    case VersionState::removed:
      return "removed";
  }
  throw internal_error("no such state of a version");
}

namespace {

constexpr std::string_view k_columns =
    "v.id, v.package_id, v.version, v.digest, v.blob_digest, v.size, v.dialect, v.manifest, v.state, "
    "v.yank_reason,"
    " v.published_by, u.username, v.published_at";

VersionState state_from(std::string_view name) {
  if (name == "active") return VersionState::active;
  if (name == "yanked") return VersionState::yanked;
  if (name == "removed") return VersionState::removed;
  throw internal_error("a version is in the unknown state '" + std::string(name) + "'");
}

VersionRow version_of(const Rows& row) {
  VersionRow version;
  version.id = row.integer(0);
  version.package_id = row.integer(1);
  version.version = row.text(2);
  version.digest = row.text(3);
  version.blob_digest = row.maybe_text(4);
  version.size = static_cast<std::uint64_t>(row.integer(5));
  version.dialect = row.text(6);
  version.manifest = row.text(7);
  version.state = state_from(row.text(8));
  version.yank_reason = row.maybe_text(9);
  version.published_by_id = row.integer(10);
  version.published_by = row.text(11);
  version.published_at = row.time(12);
  return version;
}

constexpr unsigned k_column_count = 13;

std::optional<VersionRow> only(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return version_of(rows);
}

// "(?, ?), (?, ?), …": rows of so many columns.
std::string placeholders(std::size_t rows, std::size_t columns) {
  std::string one = "(";
  for (std::size_t i = 0; i < columns; ++i) one += i == 0 ? "?" : ", ?";
  one += ")";
  std::string all;
  for (std::size_t i = 0; i < rows; ++i) all += (i == 0 ? "" : ", ") + one;
  return all;
}

}  // namespace

std::optional<VersionRow> find_version(Connection& connection, std::string_view package,
                                       std::string_view version) {
  static const std::string sql = "SELECT " + std::string(k_columns) +
                                 ", p.quarantined_at, p.quarantine_reason"
                                 " FROM packages p JOIN versions v ON v.package_id = p.id"
                                 " JOIN users u ON u.id = v.published_by WHERE p.name = ? AND v.identity = ?"
                                 " AND v.version = ?";
  auto rows = connection.query(sql, package, version.substr(0, version.find('+')), version);
  if (!rows.next()) return std::nullopt;
  auto row = version_of(rows);
  row.quarantine = quarantine_of(rows, k_column_count);
  return row;
}

std::optional<VersionRow> find_version_by_identity(Connection& connection, std::int64_t package_id,
                                                   std::string_view identity) {
  static const std::string sql = "SELECT " + std::string(k_columns) +
                                 " FROM versions v JOIN users u ON u.id = v.published_by"
                                 " WHERE v.package_id = ? AND v.identity = ?";
  return only(connection.query(sql, package_id, identity));
}

std::optional<std::int64_t> package_of_version(Connection& connection, std::int64_t version_id) {
  auto rows = connection.query("SELECT package_id FROM versions WHERE id = ?", version_id);
  if (!rows.next()) return std::nullopt;
  return rows.integer(0);
}

std::vector<VersionRow> versions_of(Connection& connection, std::int64_t package_id) {
  static const std::string sql = "SELECT " + std::string(k_columns) +
                                 " FROM versions v JOIN users u ON u.id = v.published_by"
                                 " WHERE v.package_id = ? AND v.state <> 'removed'";
  std::vector<VersionRow> all;
  auto rows = connection.query(sql, package_id);
  while (rows.next()) all.push_back(version_of(rows));
  return all;
}

std::vector<VersionRow> all_versions_of(Connection& connection, std::int64_t package_id) {
  static const std::string sql =
      "SELECT " + std::string(k_columns) +
      " FROM versions v JOIN users u ON u.id = v.published_by WHERE v.package_id = ?";
  std::vector<VersionRow> all;
  auto rows = connection.query(sql, package_id);
  while (rows.next()) all.push_back(version_of(rows));
  return all;
}

std::vector<VersionRow> versions_of(Connection& connection, const std::vector<std::int64_t>& package_ids) {
  if (package_ids.empty()) return {};
  std::string sql = "SELECT " + std::string(k_columns) +
                    " FROM versions v JOIN users u ON u.id = v.published_by"
                    " WHERE v.state <> 'removed' AND v.package_id IN ";
  std::vector<Parameter> parameters;
  for (const auto id : package_ids) parameters.push_back(parameter(id));
  std::vector<VersionRow> all;
  auto rows = connection.run_query(sql + placeholders(1, parameters.size()), parameters);
  while (rows.next()) all.push_back(version_of(rows));
  return all;
}

std::optional<VersionLabels> version_labels(Connection& connection, std::string_view package) {
  auto rows = connection.query(
      "SELECT v.version, v.state, p.quarantined_at, p.quarantine_reason FROM packages p"
      " LEFT JOIN versions v ON v.package_id = p.id AND v.state <> 'removed' WHERE p.name = ?",
      package);
  std::optional<VersionLabels> all;
  while (rows.next()) {
    if (!all) all.emplace().quarantine = quarantine_of(rows, 2);
    if (!rows.is_null(0)) all->labels.push_back({rows.text(0), state_from(rows.text(1))});
  }
  return all;
}

void insert_version(Connection& connection, VersionRow& row, std::string_view identity) {
  connection.execute(
      "INSERT INTO versions (package_id, version, identity, digest, blob_digest, size, dialect, manifest, "
      "state,"
      " published_by, published_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.package_id, row.version, identity, row.digest, row.blob_digest, row.size, row.dialect, row.manifest,
      state_name(row.state), row.published_by_id, row.published_at);
  row.id = static_cast<std::int64_t>(connection.last_insert_id());
}

void set_version_state(Connection& connection, std::int64_t version_id, VersionState state,
                       const std::optional<std::string>& yank_reason) {
  connection.execute("UPDATE versions SET state = ?, yank_reason = ? WHERE id = ?", state_name(state),
                     yank_reason, version_id);
}

void set_version_removed(Connection& connection, std::int64_t version_id) {
  connection.execute(
      "UPDATE versions SET state = 'removed', yank_reason = NULL, blob_digest = NULL WHERE id = ?",
      version_id);
  connection.execute("DELETE FROM readmes WHERE version_id = ?", version_id);
  connection.execute("DELETE FROM dependencies WHERE version_id = ?", version_id);
  connection.execute("DELETE FROM version_keywords WHERE version_id = ?", version_id);
}

void insert_readme(Connection& connection, std::int64_t version_id, const Readme& readme) {
  connection.execute("INSERT INTO readmes (version_id, file, content) VALUES (?, ?, ?)", version_id,
                     readme.file, readme.content);
}

ReadmeLookup find_readme(Connection& connection, std::string_view package, std::string_view version) {
  ReadmeLookup found;
  auto rows = connection.query(
      "SELECT r.file, r.content, p.quarantined_at, p.quarantine_reason FROM packages p JOIN versions v ON "
      "v.package_id = p.id"
      " LEFT JOIN readmes r ON r.version_id = v.id"
      " WHERE p.name = ? AND v.identity = ? AND v.version = ? AND v.state <> 'removed'",
      package, version.substr(0, version.find('+')), version);
  if (!rows.next()) return found;
  found.version_found = true;
  found.quarantine = quarantine_of(rows, 2);
  if (!rows.is_null(0)) found.readme = Readme{rows.text(0), rows.text(1)};
  return found;
}

void insert_dependencies(Connection& connection, std::int64_t version_id,
                         const std::vector<DependencyRow>& rows) {
  if (rows.empty()) return;
  std::vector<Parameter> parameters;
  parameters.reserve(rows.size() * 4);
  for (const auto& row : rows)
    parameters.insert(parameters.end(), {parameter(version_id), parameter(row.name), parameter(row.kind),
                                         parameter(row.requirement)});
  connection.run_update(
      "INSERT INTO dependencies (version_id, name, kind, requirement) VALUES " + placeholders(rows.size(), 4),
      parameters);
}

void insert_keywords(Connection& connection, std::int64_t version_id,
                     const std::vector<std::string>& keywords) {
  if (keywords.empty()) return;
  std::vector<Parameter> parameters;
  for (const auto& keyword : keywords)
    parameters.insert(parameters.end(), {parameter(version_id), parameter(keyword)});
  connection.run_update(
      "INSERT INTO version_keywords (version_id, keyword) VALUES " + placeholders(keywords.size(), 2),
      parameters);
}

void each_dependent(Connection& connection, std::string_view name, std::int64_t but_package_id,
                    const std::function<bool(const Dependent&)>& visit) {
  auto rows = connection.query(
      "SELECT p.name, v.version, d.kind, d.requirement FROM dependencies d JOIN versions v ON v.id = "
      "d.version_id"
      " JOIN packages p ON p.id = v.package_id WHERE d.name = ? AND v.state <> 'removed' AND v.package_id <> "
      "?",
      name, but_package_id);
  while (rows.next())
    if (!visit({rows.text(0), rows.text(1), rows.text(2), rows.text(3)})) return;
}

std::int64_t bytes_stored_by(Connection& connection, std::int64_t user_id) {
  auto rows = connection.query(
      "SELECT CAST(COALESCE(SUM(size), 0) AS SIGNED) FROM versions WHERE published_by = ? AND state <> "
      "'removed'",
      user_id);
  rows.next();
  return rows.integer(0);
}

}  // namespace wharf::store
