// SPDX-License-Identifier: MIT
#include "registry/counting/download_counter.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "libwharf/crypto/random.hpp"
#include "registry/config/config.hpp"
#include "registry/counting/download_line.hpp"
#include "registry/store/downloads.hpp"

namespace wharf {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto k_between_notes = std::chrono::minutes(1);
constexpr auto k_between_cleanings = std::chrono::minutes(1);
constexpr unsigned k_rows_cleaned = 1000;

bool is_younger(Time moment, std::chrono::milliseconds age) {
  return now() - moment < age;
}

}  // namespace

CountingSettings counting_settings(const Config& config) {
  CountingSettings settings;
  settings.log = config.nginx.download_log;
  settings.machine = config.clerk.machine;
  settings.counting = config.downloads.counting;
  settings.raw = config.downloads.raw;
  settings.raw_retention_days = config.downloads.raw_retention_days;
  return settings;
}

// A file of the log, and what is known of it.
struct DownloadCounter::Tail {
  LogFile file;
  std::unique_ptr<LogSource> source;  // open until the log is counted to its end
  std::uint64_t looked = 0;           // how far a first line was looked for
  std::optional<LogHead> head;
  bool seen = true;
  std::optional<Clock::time_point> gone;  // since when no name leads to it
  bool finished = false;                  // nothing is to be expected unless the file changes
};

DownloadCounter::DownloadCounter(CountingSettings settings, store::Database& database)
    : settings_(std::move(settings)), database_(database) {}

DownloadCounter::~DownloadCounter() = default;

bool DownloadCounter::step() {
  try {
    clean_up();
    if (!settings_.counting) return false;
    survey();
    bool more = false;
    for (Tail* tail : chosen()) more |= advance(*tail);
    std::erase_if(tails_, [](const auto& entry) { return entry.second->gone && entry.second->finished; });
    if (!more && !sought_) look_for_lost_logs();
    return more;
  } catch (...) {
    // A commit may have taken place: the database knows. Open logs stay open, or a removed one would be lost.
    forget();
    throw;
  }
}

// What the database holds may be another by now.
void DownloadCounter::forget() {
  rows_.clear();
  for (auto& [key, tail] : tails_)
    if (!tail->gone) tail->finished = false;
}

void DownloadCounter::survey() {
  if (!begun_) {
    const auto unfinished = database_.read([&](store::Connection& connection) {
      return store::open_download_logs(connection, settings_.machine);
    });
    for (const auto& row : unfinished)
      if (!row.path.starts_with(settings_.log.native())) elsewhere_.insert(row.path);
    begun_ = true;
  }
  for (auto& [key, tail] : tails_) tail->seen = false;
  for (const auto& file : files_of_log(settings_.log)) see(file);
  for (const auto& path : elsewhere_)
    for (auto& file : files_of_log(path)) {
      file.current = false;
      see(file);
    }
  for (auto& [key, tail] : tails_) {
    if (tail->seen) {
      tail->gone.reset();
      continue;
    }
    if (tail->gone) continue;
    tail->gone = Clock::now();
    if (!tail->source || tail->file.compressed)
      tail->finished = true;
    else if (tail->file.current)
      log::warning(
          "the download log was removed while it was counted; what nginx writes to it until it "
          "reopens its logs is counted as long as this clerk runs",
          {{"path", tail->file.path.native()}});
  }
}

void DownloadCounter::see(const LogFile& file) {
  auto& tail = tails_[file.state.key];
  if (tail && (tail->file.compressed != file.compressed || is_cut_short(*tail, file))) {
    log::warning("a download log was written anew in its place; what was in it and not yet counted is lost",
                 {{"path", file.path.native()}});
    tail.reset();
  }
  if (!tail) tail = std::make_unique<Tail>();
  const bool changed =
      tail->file.state.size != file.state.size || tail->file.state.changed != file.state.changed;
  if (changed) tail->finished = false;
  if (!tail->head && tail->looked > file.state.size) tail->looked = 0;
  tail->file = file;
  tail->seen = true;
}

// Whether the file was emptied and begun again: nobody who rotates a log should do that.
bool DownloadCounter::is_cut_short(const Tail& tail, const LogFile& file) {
  if (file.compressed || !tail.head) return false;
  const auto row = rows_.find(tail.head->identity);
  if (row != rows_.end() && file.state.size < row->second.bytes_read) return true;
  if (!tail.source || file.state.size == tail.file.state.size) return false;
  std::string line(tail.head->line.size(), '\0');
  return tail.source->read_at(tail.head->offset, line) != line.size() || line != tail.head->line;
}

// One file for each log: where there are copies, the one that was counted from, else one that is not
// compressed, else the longest.
std::vector<DownloadCounter::Tail*> DownloadCounter::chosen() {
  std::map<std::string, Tail*> by_identity;
  std::vector<Tail*> all;
  for (auto& [key, tail] : tails_) {
    look_for_head(*tail);
    if (!tail->head) continue;
    auto& chosen = by_identity[tail->head->identity];
    if (!chosen) {
      chosen = tail.get();
      continue;
    }
    const auto& row = row_of(*tail);
    const auto rank = [&](const Tail& one) {
      const bool same = one.file.state.key == FileKey{row.device, row.inode, row.born_ns};
      return std::tuple(same, !one.file.compressed, one.file.state.size);
    };
    Tail* other = tail.get();
    if (rank(*other) > rank(*chosen)) std::swap(other, chosen);
    other->source.reset();
    if (other->gone) other->finished = true;
  }
  for (const auto& [identity, tail] : by_identity) all.push_back(tail);
  return all;
}

// A file without a first line is nobody's yet, and counts for nothing.
void DownloadCounter::look_for_head(Tail& tail) {
  if (tail.head || tail.finished) return;
  if (!tail.source) tail.source = open_log(tail.file);
  if (tail.source && (tail.gone || tail.file.compressed || tail.file.state.size > tail.looked))
    tail.head = find_head(*tail.source, tail.looked);
  if (!tail.head && (tail.gone || tail.file.compressed)) tail.finished = true;
}

store::DownloadLog& DownloadCounter::row_of(const Tail& tail) {
  const auto& identity = tail.head->identity;
  const auto known = rows_.find(identity);
  if (known != rows_.end()) return known->second;
  auto row = database_.read(
      [&](store::Connection& connection) { return store::find_download_log(connection, identity); });
  if (!row) {
    row.emplace();
    row->identity = identity;
    log::info("a download log is counted from its beginning", {{"path", tail.file.path.native()}});
  }
  return rows_[identity] = *row;
}

bool DownloadCounter::advance(Tail& tail) {
  auto& row = row_of(tail);
  if (tail.finished && !tail.gone) return false;
  if (tail.file.compressed && row.bytes_read > 0 &&
      length_in_gzip(tail.file.path) == static_cast<std::uint32_t>(row.bytes_read)) {
    finish(tail, row);
    return false;
  }
  const bool may_have_grown = tail.gone || tail.file.compressed || tail.file.state.size > row.bytes_read;
  if (!tail.source && !tail.gone) tail.source = open_log(tail.file);
  if (!tail.source) return false;
  if (may_have_grown && read_on(tail, row))
    return tail.gone || tail.file.compressed || tail.file.state.size > row_of(tail).bytes_read;
  if (tail.file.current && !tail.gone) return false;
  const bool quiet = tail.gone ? Clock::now() - *tail.gone >= settings_.linger
                               : !is_younger(tail.file.state.changed, settings_.quiet);
  if (quiet) finish(tail, row);
  return false;
}

// False where there is no whole line more.
bool DownloadCounter::read_on(Tail& tail, store::DownloadLog& row) {
  store::DownloadLog after = row;
  store::DownloadBatch batch;
  std::string day;  // of the line before: most are of one
  auto day_began = Time::min();
  const auto bytes = read_lines(*tail.source, row.bytes_read, k_log_buffer, [&](std::string_view text) {
    ++after.lines_read;
    const auto line = read_download_line(text);
    if (!line) {
      ++after.unreadable;
      return;
    }
    const bool first = after.first_at == Time{};
    after.first_at = first ? line->at : std::min(after.first_at, line->at);
    after.last_at = std::max(after.last_at, line->at);
    if (!is_download(*line)) return;
    store::VersionKey key{line->name, line->version};
    if (settings_.raw) batch.raw.push_back({key, line->at, line->address, line->agent});
    if (const auto began = std::chrono::floor<std::chrono::days>(line->at); began != day_began) {
      day = store::day_of(line->at);
      day_began = began;
    }
    ++batch.downloads[std::move(key)][day];
  });
  if (bytes == 0) return false;
  hash_addresses(batch.raw);
  after.machine = settings_.machine;
  after.path = tail.file.path;
  std::tie(after.device, after.inode, after.born_ns) =
      std::tuple(tail.file.state.key.device, tail.file.state.key.inode, tail.file.state.key.born_ns);
  after.bytes_read += bytes;
  after.closed_at.reset();
  failpoint("counting.before_transaction");
  const auto moved =
      database_.transaction([&](store::Connection& connection) -> std::optional<store::DownloadLog> {
        auto counted = after;
        if (!store::count_downloads(connection, counted, row.bytes_read, batch)) return std::nullopt;
        failpoint("counting.before_commit");
        return counted;
      });
  failpoint("counting.after_commit");
  if (!moved) {
    log::warning("a download log stands elsewhere than was thought; going on from there",
                 {{"path", tail.file.path.native()}});
    forget();
    return true;
  }
  note(row, *moved);
  row = *moved;
  return true;
}

// The log is counted to its end, and nothing more is expected.
void DownloadCounter::finish(Tail& tail, store::DownloadLog& row) {
  tail.finished = true;
  tail.source.reset();
  if (row.bytes_read == 0 || row.closed_at) return;
  if (!tail.file.compressed && tail.file.state.size > row.bytes_read)
    log::warning("a download log ends in the middle of a line, which is not counted",
                 {{"path", tail.file.path.native()}, {"at", std::to_string(row.bytes_read)}});
  const auto moment = now();
  database_.read([&](store::Connection& connection) {
    store::close_download_log(connection, row.identity, moment);
    return true;
  });
  row.closed_at = moment;
}

// Once: logs that were being counted when the clerk ended, and are nowhere now.
void DownloadCounter::look_for_lost_logs() {
  std::set<std::string> here;
  for (const auto& [key, tail] : tails_)
    if (tail->head) here.insert(tail->head->identity);
  const auto unfinished = database_.read([&](store::Connection& connection) {
    return store::open_download_logs(connection, settings_.machine);
  });
  for (const auto& row : unfinished)
    if (!here.contains(row.identity))
      log::warning("a download log is gone; what nginx wrote to it after this byte is not counted",
                   {{"path", row.path},
                    {"at", std::to_string(row.bytes_read)},
                    {"last_line", to_rfc3339(row.last_at)}});
  sought_ = true;
}

void DownloadCounter::hash_addresses(std::vector<store::RawDownload>& raw) {
  for (auto& one : raw) one.address = to_hex(hmac_sha256(salt_of(store::day_of(one.at)), one.address));
}

// Today's is shared by all machines. A day that is over has none any more: what comes late gets one that is
// kept nowhere.
const std::string& DownloadCounter::salt_of(const std::string& day) {
  const auto known = salts_.find(day);
  if (known != salts_.end()) return known->second;
  const auto today = store::day_of(now());
  auto salt = day == today ? database_.read([&](store::Connection& connection) {
    return store::download_salt(connection, day);
  })
                           : random_bytes(32);
  return salts_[day] = std::move(salt);
}

void DownloadCounter::note(const store::DownloadLog& before, const store::DownloadLog& after) {
  unknown_ += after.unknown - before.unknown;
  unreadable_ += after.unreadable - before.unreadable;
  const auto moment = Clock::now();
  if (unknown_ + unreadable_ == 0 || moment < next_note_) return;
  log::warning("lines of a download log were not counted", {{"path", after.path},
                                                            {"of_unknown_versions", std::to_string(unknown_)},
                                                            {"unreadable", std::to_string(unreadable_)}});
  unknown_ = unreadable_ = 0;
  next_note_ = moment + k_between_notes;
}

void DownloadCounter::clean_up() {
  const auto moment = Clock::now();
  if (moment < next_cleaning_) return;
  const auto today = store::day_of(now());
  std::erase_if(salts_, [&](const auto& salt) { return salt.first != today; });
  const auto deleted = database_.read([&](store::Connection& connection) {
    store::delete_download_salts(connection, today);
    return store::delete_raw_downloads(connection, now() - std::chrono::days(settings_.raw_retention_days),
                                       k_rows_cleaned);
  });
  if (deleted < k_rows_cleaned) next_cleaning_ = moment + k_between_cleanings;
}

}  // namespace wharf
