// SPDX-License-Identifier: MIT
#include "registry/store/packages.hpp"

#include "libwharf/base/error.hpp"

namespace wharf::store {

namespace {

PackageRow package_of(const Rows& row) {
  PackageRow package;
  package.id = row.integer(0);
  package.name = row.text(1);
  package.revision = static_cast<std::uint64_t>(row.integer(2));
  package.latest_version = row.maybe_text(3);
  package.document = row.text(4);
  package.created_at = row.time(5);
  package.updated_at = row.time(6);
  return package;
}

std::vector<std::string> texts(Rows rows) {
  std::vector<std::string> all;
  while (rows.next()) all.push_back(rows.text(0));
  return all;
}

}  // namespace

std::optional<PackageRow> find_package(Connection& connection, std::string_view name) {
  auto rows = connection.query(
      "SELECT id, name, revision, latest_version, document, created_at, updated_at FROM packages WHERE name "
      "= ?",
      name);
  if (!rows.next()) return std::nullopt;
  return package_of(rows);
}

std::optional<PackageRow> lock_package(Connection& connection, std::string_view name) {
  auto rows = connection.query(
      "SELECT id, name, revision, latest_version, document, created_at, updated_at FROM packages WHERE name "
      "= ?"
      " FOR UPDATE",
      name);
  if (!rows.next()) return std::nullopt;
  return package_of(rows);
}

std::optional<PackageStamp> find_stamp(Connection& connection, std::string_view name) {
  auto rows =
      connection.query("SELECT id, revision, latest_version, updated_at FROM packages WHERE name = ?", name);
  if (!rows.next()) return std::nullopt;
  return PackageStamp{rows.integer(0), static_cast<std::uint64_t>(rows.integer(1)), rows.maybe_text(2),
                      rows.time(3)};
}

std::optional<std::string> package_with_confusion_key(Connection& connection,
                                                      std::string_view confusion_key) {
  auto rows = connection.query("SELECT name FROM packages WHERE confusion_key = ?", confusion_key);
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

std::int64_t insert_package(Connection& connection, std::string_view name, std::string_view confusion_key,
                            Time at) {
  connection.execute(
      "INSERT INTO packages (name, confusion_key, document, summary, created_at, updated_at) VALUES (?, ?, "
      "'', '', ?, ?)",
      name, confusion_key, at, at);
  return static_cast<std::int64_t>(connection.last_insert_id());
}

void update_package(Connection& connection, const PackageRow& package, std::string_view summary) {
  const auto changed = connection.execute(
      "UPDATE packages SET latest_version = ?, document = ?, summary = ?, updated_at = ? WHERE id = ?",
      package.latest_version, package.document, summary, package.updated_at, package.id);
  if (changed > 1) throw internal_error("updating package '" + package.name + "' changed more than one row");
}

void set_revision(Connection& connection, std::int64_t package_id, std::uint64_t revision) {
  if (connection.execute("UPDATE packages SET revision = ? WHERE id = ?", revision, package_id) != 1)
    throw internal_error("package " + std::to_string(package_id) + " is gone while it was being changed");
}

std::vector<std::string> package_summaries(Connection& connection, PackageOrder order, std::uint64_t limit,
                                           std::uint64_t offset) {
  if (order == PackageOrder::recent)
    return texts(
        connection.query("SELECT summary FROM packages WHERE latest_version IS NOT NULL"
                         " ORDER BY updated_at DESC, id DESC LIMIT ? OFFSET ?",
                         limit, offset));
  return texts(connection.query(
      "SELECT summary FROM packages WHERE latest_version IS NOT NULL ORDER BY name LIMIT ? OFFSET ?", limit,
      offset));
}

std::vector<std::string> package_summaries_of(Connection& connection, std::int64_t user_id,
                                              std::uint64_t limit) {
  return texts(
      connection.query("SELECT p.summary FROM package_owners o JOIN packages p ON p.id = o.package_id"
                       " WHERE o.user_id = ? ORDER BY p.name LIMIT ?",
                       user_id, limit));
}

Totals totals(Connection& connection) {
  auto rows = connection.query(
      "SELECT (SELECT COUNT(*) FROM packages), (SELECT COUNT(*) FROM versions WHERE state <> 'removed'),"
      " (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM packages WHERE latest_version IS NOT NULL)");
  rows.next();
  return {rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3)};
}

}  // namespace wharf::store
