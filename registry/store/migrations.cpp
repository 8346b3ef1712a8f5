// SPDX-License-Identifier: MIT
#include "registry/store/migrations.hpp"

#include <map>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::store {

namespace {

constexpr int k_no_such_table = 1146;

Error other_schema(const std::string& detail) {
  return Error(Code::unavailable,
               "the registry's database has another schema than this program; run 'wharf-registry migrate'",
               detail)
      .retry_in(30);
}

// Statements end with a semicolon at the end of a line; comments are whole lines.
std::vector<std::string> statements(std::string_view sql) {
  std::vector<std::string> found;
  std::string current;
  for (const auto line : split(sql, '\n')) {
    if (line.starts_with("--") || trim(line).empty()) continue;
    current.append(line).append("\n");
    if (line.ends_with(';')) {
      current.resize(current.rfind(';'));
      found.push_back(std::move(current));
      current.clear();
    }
  }
  if (!current.empty()) found.push_back(std::move(current));
  return found;
}

std::map<int, std::string> applied_digests(Connection& connection) {
  std::map<int, std::string> digests;
  auto rows = connection.query("SELECT number, digest FROM schema_migrations ORDER BY number");
  while (rows.next()) digests.emplace(static_cast<int>(rows.integer(0)), rows.text(1));
  return digests;
}

std::string digest_of(const Migration& migration) {
  return to_hex(sha256(migration.sql));
}

// Holds MySQL's named lock for as long as it lives.
class MigrationLock {
 public:
  explicit MigrationLock(Connection& connection) : connection_(connection) {
    auto rows = connection.query("SELECT GET_LOCK('wharf_migrate', 60)");
    if (!rows.next() || rows.is_null(0) || rows.integer(0) != 1)
      throw Error(Code::unavailable, "another migration is under way; wait for it to end");
  }
  ~MigrationLock() {
    try {
      connection_.query("SELECT RELEASE_LOCK('wharf_migrate')");
    } catch (...) {  // the server releases it with the connection
    }
  }

 private:
  Connection& connection_;
};

std::vector<Migration> missing_from(const std::map<int, std::string>& digests) {
  if (!digests.empty() && digests.rbegin()->first > migrations().back().number)
    throw other_schema("the schema is newer than this program");
  std::vector<Migration> missing;
  for (const auto& migration : migrations()) {
    const auto before = digests.find(migration.number);
    if (before == digests.end())
      missing.push_back(migration);
    else if (before->second != digest_of(migration))
      throw other_schema("migration " + std::string(migration.name) + " was changed after it was applied");
  }
  return missing;
}

}  // namespace

std::vector<Migration> pending_migrations(Connection& connection) {
  try {
    return missing_from(applied_digests(connection));
  } catch (const DatabaseError& error) {
    if (error.number != k_no_such_table) throw;
    return migrations();
  }
}

std::vector<int> migrate(Connection& connection) {
  const MigrationLock lock(connection);
  connection.run_text(R"(CREATE TABLE IF NOT EXISTS schema_migrations (
    number     INT UNSIGNED NOT NULL,
    name       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    digest     CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    applied_at DATETIME(3) NOT NULL,
    PRIMARY KEY (number)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin)");
  std::vector<int> done;
  for (const auto& migration : missing_from(applied_digests(connection))) {
    for (const auto& statement : statements(migration.sql)) {
      try {
        connection.run_text(statement);
      } catch (const DatabaseError& error) {
        throw internal_error("migration '" + std::string(migration.name) + "' failed at '" +
                             statement.substr(0, statement.find('\n')) + "': " + error.what());
      }
    }
    connection.execute("INSERT INTO schema_migrations (number, name, digest, applied_at) VALUES (?, ?, ?, ?)",
                       migration.number, migration.name, digest_of(migration), now());
    done.push_back(migration.number);
  }
  return done;
}

void require_current_schema(Connection& connection) {
  try {
    const auto digests = applied_digests(connection);
    if (digests.size() != migrations().size())
      throw other_schema(std::to_string(digests.size()) + " migrations applied, expected " +
                         std::to_string(migrations().size()));
    for (const auto& migration : migrations()) {
      const auto found = digests.find(migration.number);
      if (found == digests.end() || found->second != digest_of(migration))
        throw other_schema("migration " + std::string(migration.name) + " is missing or another one");
    }
  } catch (const DatabaseError& error) {
    if (error.number == k_no_such_table) throw other_schema("no migration was ever applied");
    throw;
  }
}

}  // namespace wharf::store
