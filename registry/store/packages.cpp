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
  package.quarantine = quarantine_of(row, 7);
  return package;
}

}  // namespace

std::optional<CountedPackage> find_package(Connection& connection, std::string_view name) {
  auto rows = connection.query(
      "SELECT p.id, p.name, p.revision, p.latest_version, p.document, p.created_at, p.updated_at,"
      " p.quarantined_at, p.quarantine_reason, COALESCE(t.total, 0)"
      " FROM packages p LEFT JOIN download_totals t ON t.package_id = p.id WHERE p.name = ?",
      name);
  if (!rows.next()) return std::nullopt;
  return CountedPackage{package_of(rows), rows.integer(9)};
}

std::optional<PackageRow> lock_package(Connection& connection, std::string_view name) {
  auto rows = connection.query(
      "SELECT id, name, revision, latest_version, document, created_at, updated_at, quarantined_at,"
      " quarantine_reason FROM packages WHERE name = ? FOR UPDATE",
      name);
  if (!rows.next()) return std::nullopt;
  return package_of(rows);
}

std::optional<PackageStamp> find_stamp(Connection& connection, std::string_view name) {
  auto rows = connection.query(
      "SELECT p.id, p.revision, p.latest_version, p.updated_at, p.quarantined_at, p.quarantine_reason,"
      " COALESCE(t.total, 0)"
      " FROM packages p LEFT JOIN download_totals t ON t.package_id = p.id WHERE p.name = ?",
      name);
  if (!rows.next()) return std::nullopt;
  return PackageStamp{rows.integer(0),        static_cast<std::uint64_t>(rows.integer(1)),
                      rows.maybe_text(2),     rows.time(3),
                      quarantine_of(rows, 4), rows.integer(6)};
}

std::optional<std::string> package_with_confusion_key(Connection& connection,
                                                      std::string_view confusion_key) {
  auto rows = connection.query("SELECT name FROM packages WHERE confusion_key = ?", confusion_key);
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

std::optional<std::string> hold_package_with_confusion_key(Connection& connection,
                                                           std::string_view confusion_key) {
  auto rows =
      connection.query("SELECT name FROM packages WHERE confusion_key = ? LOCK IN SHARE MODE", confusion_key);
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

void set_quarantine(Connection& connection, std::int64_t package_id,
                    const std::optional<Quarantine>& quarantine) {
  std::optional<Time> at;
  std::optional<std::string> reason;
  if (quarantine) {
    at = quarantine->at;
    reason = quarantine->reason;
  }
  if (connection.execute("UPDATE packages SET quarantined_at = ?, quarantine_reason = ? WHERE id = ?", at,
                         reason, package_id) != 1)
    throw internal_error("package " + std::to_string(package_id) + " is gone while it was being changed");
}

void set_revision(Connection& connection, std::int64_t package_id, std::uint64_t revision) {
  if (connection.execute("UPDATE packages SET revision = ? WHERE id = ?", revision, package_id) != 1)
    throw internal_error("package " + std::to_string(package_id) + " is gone while it was being changed");
}

}  // namespace wharf::store
