// SPDX-License-Identifier: MIT
#include "registry/store/checks.hpp"

#include <unordered_map>

#include "libwharf/base/error.hpp"
#include "registry/store/blob_rows.hpp"
#include "registry/store/totals.hpp"

namespace wharf::store {

namespace {

constexpr std::string_view k_version_and_blob =
    "SELECT v.id, p.name, v.version, v.digest, v.blob_digest, v.size, b.size FROM versions v"
    " JOIN packages p ON p.id = v.package_id LEFT JOIN blobs b ON b.digest = v.blob_digest"
    " WHERE v.state <> 'removed' AND v.id ";

VersionAndBlob version_and_blob_of(const Rows& row) {
  VersionAndBlob found{row.integer(0),
                       row.text(1),
                       row.text(2),
                       row.text(3),
                       row.maybe_text(4),
                       static_cast<std::uint64_t>(row.integer(5)),
                       {}};
  if (!row.is_null(6)) found.blob_size = static_cast<std::uint64_t>(row.integer(6));
  return found;
}

// "?, ?, ?"
std::string marks(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
  return text;
}

template <class T>
std::vector<Parameter> parameters_of(const std::vector<T>& values) {
  std::vector<Parameter> parameters;
  for (const auto& value : values) parameters.push_back(parameter(value));
  return parameters;
}

// As the search index has it: packages of which all versions are yanked are found, though they have no latest
// version.
constexpr std::string_view k_findable =
    "quarantined_at IS NULL AND EXISTS (SELECT 1 FROM versions v WHERE v.package_id = packages.id AND "
    "v.state "
    "<> 'removed')";

std::vector<std::string> texts(Rows rows) {
  std::vector<std::string> all;
  while (rows.next()) all.push_back(rows.text(0));
  return all;
}

constexpr std::string_view k_package =
    "SELECT id, name, revision, latest_version, document, created_at, updated_at, summary, quarantined_at, "
    "quarantine_reason FROM packages "
    "WHERE name ";

std::vector<WholePackage> filled(Connection& connection, Rows rows) {
  std::vector<WholePackage> packages;
  std::vector<std::int64_t> ids;
  std::vector<std::string> names;
  std::unordered_map<std::int64_t, std::size_t> by_id;
  std::unordered_map<std::string, std::size_t> by_name;
  while (rows.next()) {
    WholePackage package;
    package.row.id = rows.integer(0);
    package.row.name = rows.text(1);
    package.row.revision = static_cast<std::uint64_t>(rows.integer(2));
    package.row.latest_version = rows.maybe_text(3);
    package.row.document = rows.text(4);
    package.row.created_at = rows.time(5);
    package.row.updated_at = rows.time(6);
    package.row.quarantine = quarantine_of(rows, 8);
    package.summary = rows.text(7);
    by_id[package.row.id] = by_name[package.row.name] = packages.size();
    ids.push_back(package.row.id);
    names.push_back(package.row.name);
    packages.push_back(std::move(package));
  }
  if (packages.empty()) return packages;
  for (auto& version : versions_of(connection, ids)) {
    auto& versions = packages[by_id.at(version.package_id)].versions;
    versions.push_back(std::move(version));
  }
  auto owners = connection.run_query(
      "SELECT o.package_id, u.id, u.username, o.role, o.added_at FROM package_owners o JOIN users u ON u.id "
      "= o.user_id"
      " WHERE o.package_id IN (" +
          marks(ids.size()) + ") ORDER BY o.package_id, u.username",
      parameters_of(ids));
  while (owners.next())
    packages[by_id.at(owners.integer(0))].owners.push_back(
        {owners.integer(1), owners.text(2), owners.text(3), owners.time(4)});
  for (auto& event : events_of(connection, names)) {
    auto& events = packages[by_name.at(event.package)].events;
    events.push_back(std::move(event));
  }
  auto dependencies = connection.run_query(
      "SELECT package, name, kind, requirement FROM package_dependencies WHERE package IN (" +
          marks(names.size()) + ")",
      parameters_of(names));
  while (dependencies.next())
    packages[by_name.at(dependencies.text(0))].dependencies[dependencies.text(1)] = {dependencies.text(2),
                                                                                     dependencies.text(3)};
  return packages;
}

}  // namespace

std::vector<VersionAndBlob> versions_and_blobs(Connection& connection, std::int64_t after, unsigned limit) {
  std::vector<VersionAndBlob> all;
  auto rows = connection.query(std::string(k_version_and_blob) + "> ? ORDER BY v.id LIMIT ?", after, limit);
  while (rows.next()) all.push_back(version_and_blob_of(rows));
  return all;
}

std::optional<VersionAndBlob> version_and_blob(Connection& connection, std::int64_t id) {
  auto rows = connection.query(std::string(k_version_and_blob) + "= ?", id);
  if (!rows.next()) return std::nullopt;
  return version_and_blob_of(rows);
}

void set_version_blob(Connection& connection, std::int64_t version_id, std::string_view digest,
                      std::uint64_t size) {
  lock_blob(connection, digest, size, now());
  connection.execute("UPDATE blobs SET size = ? WHERE digest = ?", size, digest);
  connection.execute(
      "UPDATE versions SET blob_digest = ?, size = ? WHERE id = ? AND digest = ? AND state <> 'removed'",
      digest, size, version_id, digest);
}

std::vector<WholePackage> whole_packages(Connection& connection, std::string_view after, unsigned limit) {
  return filled(connection,
                connection.query(std::string(k_package) + "> ? ORDER BY name LIMIT ?", after, limit));
}

std::optional<WholePackage> whole_package(Connection& connection, std::string_view name) {
  auto found = filled(connection, connection.query(std::string(k_package) + "= ?", name));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<std::string> findable_packages(Connection& connection, std::string_view after, unsigned limit) {
  static const std::string sql =
      "SELECT name FROM packages WHERE name > ? AND " + std::string(k_findable) + " ORDER BY name LIMIT ?";
  return texts(connection.query(sql, after, limit));
}

bool is_findable(Connection& connection, std::string_view name) {
  static const std::string sql = "SELECT id FROM packages WHERE name = ? AND " + std::string(k_findable);
  return connection.query(sql, name).next();
}

std::vector<std::string> packages_in_journal_alone(Connection& connection, unsigned limit) {
  return texts(
      connection.query("SELECT DISTINCT j.package FROM journal j LEFT JOIN packages p ON p.name = j.package "
                       "WHERE p.id IS NULL LIMIT ?",
                       limit));
}

std::vector<std::string> names_in_journal(Connection& connection, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  return texts(connection.run_query(
      "SELECT DISTINCT package FROM journal WHERE package IN (" + marks(names.size()) + ")",
      parameters_of(names)));
}

std::vector<std::string> known_blobs(Connection& connection, const std::vector<std::string>& digests) {
  if (digests.empty()) return {};
  return texts(connection.run_query(
      "SELECT digest FROM blobs WHERE digest IN (" + marks(digests.size()) + ")", parameters_of(digests)));
}

std::uint64_t count_unreferred_blobs(Connection& connection) {
  auto rows = connection.query(
      "SELECT COUNT(*) FROM blobs b LEFT JOIN versions v ON v.blob_digest = b.digest WHERE v.id IS NULL");
  rows.next();
  return static_cast<std::uint64_t>(rows.integer(0));
}

void count_totals_anew(Connection& connection) {
  connection.query("SELECT id FROM journal_lock WHERE id = 1 FOR UPDATE").next();
  const auto counted = counted_totals(connection);
  connection.execute(
      "INSERT INTO registry_totals (id, packages, versions, listed) VALUES (1, ?, ?, ?) ON DUPLICATE KEY "
      "UPDATE"
      " packages = VALUES(packages), versions = VALUES(versions), listed = VALUES(listed)",
      counted.packages, counted.versions, counted.listed);
}

std::vector<std::pair<std::string, std::string>> odd_credentials(Connection& connection) {
  std::vector<std::pair<std::string, std::string>> odd;
  const auto collect = [&](const char* kind, const char* what, Rows rows) {
    while (rows.next()) odd.emplace_back(kind + rows.text(0), what + rows.text(1));
  };
  collect("account ", "has the unknown role ",
          connection.query("SELECT username, role FROM users WHERE role NOT IN ('user', 'admin')"));
  collect("token ", "has a digest that is no SHA-256",
          connection.query("SELECT id, '' FROM api_tokens WHERE digest NOT REGEXP '^[0-9a-f]{64}$'"));
  collect("token ", "has the scopes ",
          connection.query("SELECT id, scopes FROM api_tokens WHERE scopes NOT REGEXP"
                           " '^(publish|yank|owners)(,(publish|yank|owners))*$'"));
  collect("a session of account ", "ends before it begins",
          connection.query("SELECT user_id, '' FROM sessions WHERE expires_at < created_at"));
  return odd;
}

}  // namespace wharf::store
