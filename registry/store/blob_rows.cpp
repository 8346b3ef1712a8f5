// SPDX-License-Identifier: MIT
#include "registry/store/blob_rows.hpp"

namespace wharf::store {

void lock_blob(Connection& connection, std::string_view digest, std::uint64_t size, Time at) {
  connection.execute(
      "INSERT INTO blobs (digest, size, created_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE digest = "
      "VALUES(digest)",
      digest, size, at);
}

bool is_blob_referred_to(Connection& connection, std::string_view digest) {
  return connection.query("SELECT id FROM versions WHERE blob_digest = ? LIMIT 1", digest).next();
}

void delete_blob(Connection& connection, std::string_view digest) {
  connection.execute("DELETE FROM blobs WHERE digest = ?", digest);
}

std::vector<std::string> unreferred_blobs(Connection& connection, std::string_view after, unsigned limit) {
  std::vector<std::string> digests;
  auto rows = connection.query(
      "SELECT b.digest FROM blobs b LEFT JOIN versions v ON v.blob_digest = b.digest"
      " WHERE v.id IS NULL AND b.digest > ? ORDER BY b.digest LIMIT ?",
      after, limit);
  while (rows.next()) digests.push_back(rows.text(0));
  return digests;
}

bool has_blob_row(Connection& connection, std::string_view digest) {
  return connection.query("SELECT digest FROM blobs WHERE digest = ?", digest).next();
}

}  // namespace wharf::store
