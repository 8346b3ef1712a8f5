// SPDX-License-Identifier: MIT
#include "registry/counting/download_check.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "registry/counting/download_line.hpp"
#include "registry/counting/log_files.hpp"
#include "registry/store/download_check.hpp"
#include "registry/store/download_logs.hpp"
#include "registry/store/downloads.hpp"

namespace wharf {

namespace {

using Logged = std::map<store::VersionKey, std::map<std::string, std::uint64_t>>;

// What a log holds up to where it was counted.
struct Recount {
  std::uint64_t bytes = 0, lines = 0, unreadable = 0;
  Logged downloads;
};

Recount recount(LogSource& source, std::uint64_t up_to) {
  Recount found;
  while (found.bytes < up_to) {
    const auto most = std::min<std::uint64_t>(up_to - found.bytes, k_log_buffer);
    const auto bytes = read_lines(source, found.bytes, most, [&](std::string_view text) {
      ++found.lines;
      const auto line = read_download_line(text);
      if (!line)
        ++found.unreadable;
      else if (is_download(*line))
        ++found.downloads[{line->name, line->version}][store::day_of(line->at)];
    });
    if (bytes == 0) break;
    found.bytes += bytes;
  }
  return found;
}

// The files that begin with a log's first line, those that are not compressed first.
std::map<std::string, std::vector<LogFile>> files_by_identity(const std::vector<Path>& logs) {
  std::map<std::string, std::vector<LogFile>> found;
  std::set<FileKey> seen;
  for (const bool compressed : {false, true})
    for (const auto& log : logs)
      for (const auto& file : files_of_log(log)) {
        if (file.compressed != compressed || !seen.insert(file.state.key).second) continue;
        const auto source = open_log(file);
        if (!source) continue;
        std::uint64_t looked = 0, before = 0;
        std::optional<LogHead> head;
        do {
          before = looked;
          head = find_head(*source, looked);
        } while (!head && looked > before);
        if (head) found[head->identity].push_back(file);
      }
  return found;
}

std::string next_day(const std::string& day) {
  return store::day_of(*from_rfc3339(day + "T00:00:00Z") + std::chrono::days(1));
}

class Check {
 public:
  Check(store::Connection& connection, const DownloadCheckSettings& settings)
      : connection_(connection), settings_(settings) {}

  DownloadCheck run(const std::vector<store::DownloadLog>& rows) {
    files_ = files_by_identity(settings_.logs);
    for (const auto& row : rows) look_at(row);
    for (const auto& [identity, files] : files_)
      if (!known_.contains(identity)) found_.uncounted += files.front().state.size;
    for (const auto& day : seen_days_)
      if (!uncovered_.contains(day)) found_.days.push_back(day);
    if (!found_.days.empty()) compare();
    found_.wrong_sums = store::wrong_sums(connection_);
    return std::move(found_);
  }

  // What the counts must be, for each that differs; in the order of `differences`.
  const std::vector<store::VersionDay>& keys() const { return keys_; }

 private:
  void look_at(const store::DownloadLog& row) {
    known_.insert(row.identity);
    const auto here = files_.find(row.identity);
    if (here == files_.end()) {
      ++found_.logs_elsewhere;
      leave_out(row);
      if (!row.closed_at && row.machine == settings_.machine)
        found_.losses.push_back(
            {row.identity, row.machine, row.path,
             "is gone, and was counted to byte " + std::to_string(row.bytes_read) + " only", true});
      return;
    }
    Recount best;
    for (const auto& file : here->second) {
      const auto source = open_log(file);
      if (!source) continue;
      best = recount(*source, row.bytes_read);
      if (best.bytes == row.bytes_read && best.lines == row.lines_read) {
        if (!file.compressed && file.state.size > row.bytes_read)
          found_.uncounted += file.state.size - row.bytes_read;
        break;
      }
    }
    if (best.bytes != row.bytes_read || best.lines != row.lines_read || best.unreadable != row.unreadable) {
      found_.losses.push_back({row.identity, row.machine, here->second.front().path.native(),
                               "holds " + std::to_string(best.lines) + " lines, and " +
                                   std::to_string(row.lines_read) + " were counted",
                               false});
      leave_out(row);
      return;
    }
    ++found_.logs;
    for (const auto& [key, days] : best.downloads)
      for (const auto& [day, count] : days) logged_[key][day] += count;
    for_days_of(row, [&](const std::string& day) { seen_days_.insert(day); });
  }

  void leave_out(const store::DownloadLog& row) {
    for_days_of(row, [&](const std::string& day) { uncovered_.insert(day); });
  }

  template <class Take>
  static void for_days_of(const store::DownloadLog& row, Take&& take) {
    const auto last = store::day_of(row.last_at);
    for (auto day = store::day_of(row.first_at); day <= last; day = next_day(day)) take(day);
  }

  void compare() {
    const std::set<std::string> covered(found_.days.begin(), found_.days.end());
    std::vector<store::VersionKey> names;
    for (const auto& [key, days] : logged_) names.push_back(key);
    const auto ids = store::version_ids(connection_, names);
    struct Counts {
      std::uint64_t counted = 0, logged = 0, imported = 0;
    };
    std::map<store::VersionDay, Counts> all;
    for (const auto& [key, days] : logged_) {
      const auto id = ids.find(key);
      if (id == ids.end()) continue;
      for (const auto& [day, count] : days)
        if (covered.contains(day)) all[{id->second.version, day}].logged = count;
    }
    const auto& first = found_.days.front();
    const auto& last = found_.days.back();
    for (const auto& [key, count] : store::counted_downloads(connection_, first, last)) {
      if (!covered.contains(key.second)) continue;
      all[key].counted = count;
      found_.downloads += count;
    }
    for (const auto& [key, count] : store::imported_downloads(connection_, first, last))
      if (covered.contains(key.second)) all[key].imported = count;
    std::vector<std::int64_t> different;
    for (const auto& [key, counts] : all)
      if (counts.counted != counts.logged + counts.imported) different.push_back(key.first);
    const auto labels = store::version_names(connection_, different);
    for (const auto& [key, counts] : all) {
      if (counts.counted == counts.logged + counts.imported) continue;
      const auto label = labels.find(key.first);
      const bool known = label != labels.end();
      found_.differences.push_back({known ? label->second.package : "version " + std::to_string(key.first),
                                    known ? label->second.version : "", key.second, counts.counted,
                                    counts.logged, counts.imported});
      keys_.push_back(key);
    }
  }

  store::Connection& connection_;
  const DownloadCheckSettings& settings_;
  DownloadCheck found_;
  std::map<std::string, std::vector<LogFile>> files_;
  std::set<std::string> known_, seen_days_, uncovered_;
  Logged logged_;
  std::vector<store::VersionDay> keys_;
};

}  // namespace

DownloadCheck check_downloads(store::Database& database, const DownloadCheckSettings& settings) {
  auto& connection = database.connection();
  store::begin_snapshot(connection);
  try {
    auto found = Check(connection, settings).run(store::download_logs(connection));
    connection.rollback();
    return found;
  } catch (...) {
    connection.rollback();
    throw;
  }
}

DownloadCheck repair_downloads(store::Database& database, const DownloadCheckSettings& settings,
                               const std::function<void(store::Connection&, const DownloadCheck&)>& within) {
  auto found = check_downloads(database, settings);
  if (found.verdict() == 0) return found;
  return database.transaction([&](store::Connection& connection) {
    const auto rows = store::lock_download_logs(connection);
    Check check(connection, settings);
    auto checked = check.run(rows);
    for (std::size_t i = 0; i < checked.differences.size(); ++i)
      store::set_downloads(connection, check.keys()[i],
                           checked.differences[i].logged + checked.differences[i].imported);
    if (checked.repairable()) store::mend_sums(connection);
    for (const auto& loss : checked.losses)
      if (loss.gone) store::close_download_log(connection, loss.identity, now());
    within(connection, checked);
    return checked;
  });
}

}  // namespace wharf
