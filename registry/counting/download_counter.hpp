// SPDX-License-Identifier: MIT
// Counts downloads from nginx's log: reads on from where it was, and adds what it read to the counts in the
// transaction that moves the position (promise P6).
//
// A position belongs to a log, not to a name: the log is known by the digest of its first line, so rotation,
// compression, a reused inode, a restored database and a second clerk change nothing. Every log that lies
// beside the current one and was not counted to its end is read, in whatever order; what nginx still writes
// to a log that was put aside is counted as it comes. A log that is removed while it is open here is read
// until nothing came for a while.
//
// Memory does not grow with the logs: one buffer is read at once. Errors leave nothing behind; the next
// step() begins from what the database holds.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "registry/counting/log_files.hpp"
#include "registry/store/download_logs.hpp"

namespace wharf {

struct Config;

struct CountingSettings {
  Path log;
  std::string machine;
  bool counting = true;  // off: rows that are kept too long are deleted, and nothing else is done
  bool raw = false;
  int raw_retention_days = 30;
  // A log that was put aside is closed when nothing came to it for `quiet`; one that was removed is let go
  // after `linger`. What comes later to one that is closed is counted, too.
  std::chrono::milliseconds quiet{60'000}, linger{600'000};
};

CountingSettings counting_settings(const Config& config);

class DownloadCounter {
 public:
  DownloadCounter(CountingSettings settings, store::Database& database);
  ~DownloadCounter();

  // Counts at most one buffer of each log. True where there may be more at once.
  bool step();

 private:
  struct Tail;

  void forget();
  void survey();
  void see(const LogFile& file);
  void look_for_lost_logs();
  void look_for_head(Tail& tail);
  bool advance(Tail& tail);
  bool read_on(Tail& tail, store::DownloadLog& row);
  void finish(Tail& tail, store::DownloadLog& row);
  bool is_cut_short(const Tail& tail, const LogFile& file);
  store::DownloadLog& row_of(const Tail& tail);
  std::vector<Tail*> chosen();
  void hash_addresses(std::vector<store::RawDownload>& raw);
  const std::string& salt_of(const std::string& day);
  void note(const store::DownloadLog& before, const store::DownloadLog& after);
  void clean_up();

  const CountingSettings settings_;
  store::Database& database_;
  std::set<Path> elsewhere_;  // where unfinished logs lie that were begun under another name
  std::map<FileKey, std::unique_ptr<Tail>> tails_;
  std::map<std::string, store::DownloadLog> rows_;  // by identity; bytes_read is 0 where there is none yet
  std::map<std::string, std::string> salts_;        // by day
  bool begun_ = false, sought_ = false;
  std::set<std::string> lost_;
  std::uint64_t unknown_ = 0, unreadable_ = 0;  // since they were last spoken of
  std::chrono::steady_clock::time_point next_note_{}, next_cleaning_{};
};

}  // namespace wharf
