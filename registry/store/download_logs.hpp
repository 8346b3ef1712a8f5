// SPDX-License-Identifier: MIT
// Counting: what a stretch of a download log adds to the counts, in one transaction with how far the log was
// read. Whoever counts names the place that it read from; where the row is at another place by now (a commit
// that was thought lost, a second clerk), nothing is added. So no line is counted twice, whatever dies.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

// A row of `download_logs`. `device`, `inode` and `born_ns` (birth time, 0 where the file system knows none)
// tell the file from copies of it.
struct DownloadLog {
  std::string identity;  // hex SHA-256 of the first line
  std::string machine, path;
  std::int64_t device = 0, inode = 0, born_ns = 0;
  std::uint64_t bytes_read = 0, lines_read = 0;
  std::uint64_t counted = 0;     // lines that were downloads
  std::uint64_t unknown = 0;     // that would have been, of versions that there are none of
  std::uint64_t unreadable = 0;  // that were not of the log's form
  Time first_at, last_at;        // the earliest and the latest time in what was read
  std::optional<Time> closed_at;
};

std::optional<DownloadLog> find_download_log(Connection& connection, std::string_view identity);
// Of all machines, or of one those that are not closed, in the order of their times.
std::vector<DownloadLog> download_logs(Connection& connection);
std::vector<DownloadLog> open_download_logs(Connection& connection, std::string_view machine);
// The same, locked until the transaction ends: nothing is counted meanwhile.
std::vector<DownloadLog> lock_download_logs(Connection& connection);
// Notes that a log was put aside and read to its end.
void close_download_log(Connection& connection, std::string_view identity, Time at);

struct VersionKey {
  std::string package, version;
  friend auto operator<=>(const VersionKey&, const VersionKey&) = default;
};
struct VersionIds {
  std::int64_t version = 0, package = 0;
  friend auto operator<=>(const VersionIds&, const VersionIds&) = default;
};
// Those of them that there are, removed ones included. A fixed number of versions a query.
std::map<VersionKey, VersionIds> version_ids(Connection& connection, const std::vector<VersionKey>& keys);

struct RawDownload {
  VersionKey key;
  Time at;
  std::string address;  // hashed
  std::string agent;
};

// What a stretch of a log holds.
struct DownloadBatch {
  std::map<VersionKey, std::map<std::string, std::uint64_t>> downloads;  // by day
  std::vector<RawDownload> raw;
};

// Within the caller's transaction: adds what `batch` holds, and moves the log's row from `from` bytes on to
// `log`, whose `counted` and `unknown` are filled in. False where the row does not stand at `from`: then
// nothing was added. `log.bytes_read` is past `from`.
bool count_downloads(Connection& connection, DownloadLog& log, std::uint64_t from,
                     const DownloadBatch& batch);

// The salt of a day that has begun, the same on all machines; made where there is none. Outside of any
// transaction.
std::string download_salt(Connection& connection, std::string_view day);
void delete_download_salts(Connection& connection, std::string_view before_day);
// At most `limit` rows from before `before`; how many were deleted.
std::uint64_t delete_raw_downloads(Connection& connection, Time before, unsigned limit);

}  // namespace wharf::store
