// SPDX-License-Identifier: MIT
#include "registry/store/totals.hpp"

#include "libwharf/base/error.hpp"

namespace wharf::store {

Totals totals(Connection& connection) {
  auto rows = connection.query("SELECT packages, versions, listed FROM registry_totals WHERE id = 1");
  if (!rows.next()) throw internal_error("the row of totals is missing");
  return {rows.integer(0), rows.integer(1), rows.integer(2)};
}

void change_totals(Connection& connection, const Totals& differences) {
  if (differences == Totals{}) return;
  if (connection.execute("UPDATE registry_totals SET packages = packages + ?, versions = versions + ?,"
                         " listed = listed + ? WHERE id = 1",
                         differences.packages, differences.versions, differences.listed) != 1)
    throw internal_error("the row of totals is missing");
}

Totals counted_totals(Connection& connection) {
  auto rows = connection.query(
      "SELECT (SELECT COUNT(*) FROM packages WHERE quarantined_at IS NULL),"
      " (SELECT COUNT(*) FROM versions WHERE state <> 'removed')"
      " - (SELECT COUNT(*) FROM packages p JOIN versions v ON v.package_id = p.id"
      " WHERE p.quarantined_at IS NOT NULL AND v.state <> 'removed'),"
      " (SELECT COUNT(*) FROM packages WHERE latest_version IS NOT NULL)");
  rows.next();
  return {rows.integer(0), rows.integer(1), rows.integer(2)};
}

std::int64_t count_users(Connection& connection) {
  auto rows = connection.query("SELECT COUNT(*) FROM users WHERE deleted_at IS NULL");
  rows.next();
  return rows.integer(0);
}

}  // namespace wharf::store
