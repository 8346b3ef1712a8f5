// SPDX-License-Identifier: MIT
#include "registry/store/download_logs.hpp"

#include <functional>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/random.hpp"
#include "registry/store/row_lists.hpp"

namespace wharf::store {

namespace {

constexpr std::size_t k_agent = 255;

#define WHARF_LOG_COLUMNS                                                                                   \
  "identity, machine, path, device, inode, born_ns, bytes_read, lines_read, counted, unknown, unreadable, " \
  "first_at, last_at, closed_at"

DownloadLog log_of(const Rows& row) {
  const auto count = [&](unsigned column) { return static_cast<std::uint64_t>(row.integer(column)); };
  return {row.text(0),    row.text(1),  row.text(2),  row.integer(3),    row.integer(4),
          row.integer(5), count(6),     count(7),     count(8),          count(9),
          count(10),      row.time(11), row.time(12), row.maybe_time(13)};
}

std::vector<DownloadLog> logs_of(Rows rows) {
  std::vector<DownloadLog> all;
  while (rows.next()) all.push_back(log_of(rows));
  return all;
}

// As the unique key of `versions` has it: without build metadata.
std::string identity_of(const std::string& version) {
  return version.substr(0, version.find('+'));
}

// At most `most` characters, and nothing that is no text.
std::string bounded(const std::string& text, std::size_t most) {
  if (!is_utf8(text)) return {};
  std::size_t characters = 0, end = 0;
  for (; end < text.size(); ++end)
    if ((static_cast<unsigned char>(text[end]) & 0xc0) != 0x80 && ++characters > most) break;
  return text.substr(0, end);
}

bool move_log(Connection& connection, const DownloadLog& log, std::uint64_t from) {
  const std::string path = bounded(log.path, 1024);
  if (from > 0)
    return connection.execute(
               "UPDATE download_logs SET machine = ?, path = ?, device = ?, inode = ?, born_ns = ?,"
               " bytes_read = ?, lines_read = ?, counted = ?, unknown = ?, unreadable = ?, first_at = ?,"
               " last_at = ?, closed_at = NULL WHERE identity = ? AND bytes_read = ?",
               log.machine, path, log.device, log.inode, log.born_ns, log.bytes_read, log.lines_read,
               log.counted, log.unknown, log.unreadable, log.first_at, log.last_at, log.identity, from) == 1;
  try {
    connection.execute("INSERT INTO download_logs (" WHARF_LOG_COLUMNS
                       ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                       log.identity, log.machine, path, log.device, log.inode, log.born_ns, log.bytes_read,
                       log.lines_read, log.counted, log.unknown, log.unreadable, log.first_at, log.last_at);
  } catch (const DatabaseError& error) {
    if (error.kind == DatabaseError::Kind::duplicate_key) return false;
    throw;
  }
  return true;
}

// Adds counts to rows, in the order of their keys, so that two clerks wait for each other and do not collide.
template <class Map, class Row>
void add(Connection& connection, std::string_view head, std::string_view row, std::string_view tail,
         const Map& map, Row&& row_of) {
  RowList rows;
  rows.reserve(map.size());
  for (const auto& [key, count] : map) rows.push_back(row_of(key, count));
  execute_for_rows(connection, head, row, ", ", tail, rows);
}

}  // namespace

std::optional<DownloadLog> find_download_log(Connection& connection, std::string_view identity) {
  auto rows =
      connection.query("SELECT " WHARF_LOG_COLUMNS " FROM download_logs WHERE identity = ?", identity);
  if (!rows.next()) return std::nullopt;
  return log_of(rows);
}

std::vector<DownloadLog> download_logs(Connection& connection) {
  return logs_of(
      connection.query("SELECT " WHARF_LOG_COLUMNS " FROM download_logs ORDER BY first_at, identity"));
}

std::vector<DownloadLog> open_download_logs(Connection& connection, std::string_view machine) {
  return logs_of(connection.query("SELECT " WHARF_LOG_COLUMNS
                                  " FROM download_logs WHERE machine = ? AND closed_at IS NULL"
                                  " ORDER BY first_at, identity",
                                  machine));
}

std::vector<DownloadLog> lock_download_logs(Connection& connection) {
  return logs_of(connection.query("SELECT " WHARF_LOG_COLUMNS
                                  " FROM download_logs ORDER BY first_at, identity FOR UPDATE"));
}

void close_download_log(Connection& connection, std::string_view identity, Time at) {
  connection.execute("UPDATE download_logs SET closed_at = ? WHERE identity = ? AND closed_at IS NULL", at,
                     identity);
}

std::map<VersionKey, VersionIds> version_ids(Connection& connection, const std::vector<VersionKey>& keys) {
  std::map<std::string, std::int64_t> packages;
  for (const auto& key : keys) packages.emplace(key.package, 0);
  RowList names;
  for (const auto& [name, id] : packages) names.push_back({parameter(name)});
  query_for_rows(connection, "SELECT id, name FROM packages WHERE name IN (", "?", ", ", ")", names,
                 [&](const Rows& row) { packages[row.text(1)] = row.integer(0); });
  std::map<std::int64_t, std::string> name_of;
  for (const auto& [name, id] : packages) name_of.emplace(id, name);
  RowList wanted;
  for (const auto& key : keys)
    if (const auto id = packages[key.package]; id != 0)
      wanted.push_back({parameter(id), parameter(identity_of(key.version)), parameter(key.version)});
  std::map<VersionKey, VersionIds> found;
  query_for_rows(connection, "SELECT id, package_id, version FROM versions WHERE ",
                 "(package_id = ? AND identity = ? AND version = ?)", " OR ", "", wanted,
                 [&](const Rows& row) {
                   found[{name_of[row.integer(1)], row.text(2)}] = {row.integer(0), row.integer(1)};
                 });
  return found;
}

bool count_downloads(Connection& connection, DownloadLog& log, std::uint64_t from,
                     const DownloadBatch& batch) {
  using Day = std::string;
  std::vector<VersionKey> keys;
  for (const auto& [key, days] : batch.downloads) keys.push_back(key);
  const auto ids = version_ids(connection, keys);
  std::map<std::pair<std::int64_t, Day>, std::uint64_t> of_versions, of_packages;
  std::map<Day, std::uint64_t> of_days;
  std::map<VersionIds, std::uint64_t> version_totals;
  std::map<std::int64_t, std::uint64_t> package_totals;
  for (const auto& [key, days] : batch.downloads) {
    const auto id = ids.find(key);
    for (const auto& [day, count] : days) {
      if (id == ids.end()) {
        log.unknown += count;
        continue;
      }
      log.counted += count;
      of_versions[{id->second.version, day}] += count;
      of_packages[{id->second.package, day}] += count;
      of_days[day] += count;
      version_totals[id->second] += count;
      package_totals[id->second.package] += count;
    }
  }
  // First, since this row's lock keeps a second one out who reads the same log.
  if (!move_log(connection, log, from)) return false;
  failpoint("counting.after_position");
  const auto keyed = [](const auto& key, std::uint64_t count) {
    return std::vector<Parameter>{parameter(key.first), parameter(key.second), parameter(count)};
  };
  constexpr std::string_view k_add = " ON DUPLICATE KEY UPDATE count = count + VALUES(count)";
  constexpr std::string_view k_add_total = " ON DUPLICATE KEY UPDATE total = total + VALUES(total)";
  add(connection, "INSERT INTO version_downloads (version_id, day, count) VALUES ", "(?, ?, ?)", k_add,
      of_versions, keyed);
  failpoint("counting.between_counts");
  add(connection, "INSERT INTO package_downloads (package_id, day, count) VALUES ", "(?, ?, ?)", k_add,
      of_packages, keyed);
  add(connection, "INSERT INTO version_download_totals (version_id, package_id, total) VALUES ", "(?, ?, ?)",
      k_add_total, version_totals, [](const VersionIds& id, std::uint64_t count) {
        return std::vector<Parameter>{parameter(id.version), parameter(id.package), parameter(count)};
      });
  add(connection, "INSERT INTO download_totals (package_id, total) VALUES ", "(?, ?)", k_add_total,
      package_totals, [](std::int64_t id, std::uint64_t count) {
        return std::vector<Parameter>{parameter(id), parameter(count)};
      });
  // Last: every clerk writes today's row.
  add(connection, "INSERT INTO daily_downloads (day, count) VALUES ", "(?, ?)", k_add, of_days,
      [](const Day& day, std::uint64_t count) {
        return std::vector<Parameter>{parameter(day), parameter(count)};
      });
  RowList raw;
  for (const auto& one : batch.raw)
    if (const auto id = ids.find(one.key); id != ids.end())
      raw.push_back({parameter(id->second.version), parameter(one.at), parameter(one.address),
                     parameter(bounded(one.agent, k_agent))});
  execute_for_rows(connection, "INSERT INTO raw_downloads (version_id, at, address, agent) VALUES ",
                   "(?, ?, ?, ?)", ", ", "", raw);
  return true;
}

std::string download_salt(Connection& connection, std::string_view day) {
  const auto stored = [&]() -> std::optional<std::string> {
    auto rows = connection.query("SELECT salt FROM download_salts WHERE day = ?", day);
    if (!rows.next()) return std::nullopt;
    return rows.text(0);
  };
  if (auto salt = stored()) return *salt;
  try {
    connection.execute("INSERT INTO download_salts (day, salt) VALUES (?, ?)", day, to_hex(random_bytes(32)));
  } catch (const DatabaseError& error) {
    if (error.kind != DatabaseError::Kind::duplicate_key) throw;
  }
  auto salt = stored();
  if (!salt) throw internal_error("the salt of " + std::string(day) + " was thrown away while it was made");
  return *salt;
}

void delete_download_salts(Connection& connection, std::string_view before_day) {
  connection.execute("DELETE FROM download_salts WHERE day < ?", before_day);
}

std::uint64_t delete_raw_downloads(Connection& connection, Time before, unsigned limit) {
  return connection.execute("DELETE FROM raw_downloads WHERE at < ? ORDER BY at LIMIT ?", before, limit);
}

#undef WHARF_LOG_COLUMNS

}  // namespace wharf::store
