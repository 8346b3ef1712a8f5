// SPDX-License-Identifier: MIT
#include "registry/store/quotas.hpp"

namespace wharf::store {

namespace {

// Columns: kind, full_at; a user without buckets is one row of NULLs.
std::vector<BucketRow> buckets(Rows rows) {
  std::vector<BucketRow> all;
  while (rows.next())
    if (!rows.is_null(0)) all.push_back({rows.text(0), rows.time(1)});
  return all;
}

}  // namespace

std::vector<QuotaRow> quotas_of(Connection& connection, std::int64_t user_id) {
  std::vector<QuotaRow> all;
  auto rows = connection.query(
      "SELECT kind, most, seconds, set_at FROM user_quotas WHERE user_id = ? ORDER BY kind", user_id);
  while (rows.next()) all.push_back({rows.text(0), rows.integer(1), rows.integer(2), rows.time(3)});
  return all;
}

void set_quota(Connection& connection, std::int64_t user_id, const QuotaRow& row) {
  connection.execute(
      "INSERT INTO user_quotas (user_id, kind, most, seconds, set_at) VALUES (?, ?, ?, ?, ?)"
      " ON DUPLICATE KEY UPDATE most = VALUES(most), seconds = VALUES(seconds), set_at = VALUES(set_at)",
      user_id, row.kind, row.most, row.seconds, row.set_at);
}

bool delete_quota(Connection& connection, std::int64_t user_id, std::string_view kind) {
  return connection.execute("DELETE FROM user_quotas WHERE user_id = ? AND kind = ?", user_id, kind) > 0;
}

std::vector<BucketRow> lock_buckets(Connection& connection, std::int64_t user_id) {
  return buckets(
      connection.query("SELECT b.kind, b.full_at FROM users u LEFT JOIN user_buckets b ON b.user_id = u.id"
                       " WHERE u.id = ? FOR UPDATE",
                       user_id));
}

std::vector<BucketRow> buckets_of(Connection& connection, std::int64_t user_id) {
  return buckets(
      connection.query("SELECT kind, full_at FROM user_buckets WHERE user_id = ? ORDER BY kind", user_id));
}

void set_bucket(Connection& connection, std::int64_t user_id, const BucketRow& row) {
  connection.execute(
      "INSERT INTO user_buckets (user_id, kind, full_at) VALUES (?, ?, ?)"
      " ON DUPLICATE KEY UPDATE full_at = VALUES(full_at)",
      user_id, row.kind, row.full_at);
}

}  // namespace wharf::store
