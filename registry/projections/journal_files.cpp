// SPDX-License-Identifier: MIT
#include "registry/projections/journal_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf {

namespace {

constexpr std::string_view k_body = ",\"body\":", k_hash = ",\"hash\":\"", k_seq = "{\"seq\":";
constexpr std::size_t k_hash_length = 64;

struct Line {
  std::uint64_t seq = 0;
  std::string_view hash, body;
};

// Takes a line apart by its fixed form. No field before the body can hold a quote, so the first match is the
// right one.
std::optional<Line> take_apart(std::string_view text) {
  const auto body = text.find(k_body);
  const auto hash = text.find(k_hash);
  if (!text.starts_with(k_seq) || !text.ends_with("}}") || body == text.npos || hash == text.npos ||
      hash + k_hash.size() + k_hash_length + 1 != body)
    return std::nullopt;
  text.remove_suffix(1);
  const auto comma = text.find(',');
  const auto seq = parse_number(text.substr(k_seq.size(), comma - k_seq.size()));
  if (!seq) return std::nullopt;
  return Line{*seq, text.substr(hash + k_hash.size(), k_hash_length), text.substr(body + k_body.size())};
}

// Calls `visit` with each whole line of a file and the offset behind it; stops where it says false.
template <class Visit>
void each_line(int fd, Visit&& visit) {
  std::string pending;
  std::uint64_t offset = 0;
  std::vector<std::byte> buffer(256u << 10);
  while (const std::size_t got = read_some(fd, buffer)) {
    pending.append(reinterpret_cast<const char*>(buffer.data()), got);
    std::size_t start = 0;
    for (std::size_t end; (end = pending.find('\n', start)) != pending.npos; start = end + 1) {
      offset += end + 1 - start;
      if (!visit(std::string_view(pending).substr(start, end - start), offset)) return;
    }
    pending.erase(0, start);
  }
}

}  // namespace

std::string JournalFiles::line_of(const store::JournalEvent& event) {
  json::Writer line;
  line.begin_object();
  line.member("seq", event.seq);
  line.member("at", to_rfc3339(event.at));
  line.member("action", event.action);
  line.member("package", event.package);
  line.member("version", event.version);
  line.member("actor", event.actor);
  line.member("hash", event.hash);
  line.key("body").raw(event.body);
  line.end_object();
  return line.take() + "\n";
}

JournalFiles::JournalFiles(Path directory) : directory_(std::move(directory)) {
  recover();
}

Path JournalFiles::path_of(std::uint64_t first) const {
  return directory_ / (std::to_string(first) + ".jsonl");
}

void JournalFiles::recover() {
  std::vector<std::uint64_t> firsts;
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    const auto first = parse_number(entry.path().stem().native());
    if (entry.path().extension() == ".jsonl" && first) firsts.push_back(*first);
  }
  std::sort(firsts.begin(), firsts.end());
  // What does not follow on 1, 10 001, 20 001 … has nothing before it that it could be checked against.
  std::size_t whole = 0;
  while (whole < firsts.size() && firsts[whole] == whole * k_events_per_file + 1) ++whole;
  for (std::size_t i = whole; i < firsts.size(); ++i) remove_file(path_of(firsts[i]));
  // The last file is checked whole; where it starts is known from the last line of the file before it.
  for (; whole > 0; --whole) {
    std::string previous = store::JournalPosition{}.hash;
    bool known = whole == 1;
    if (!known) {
      const Fd before = open_file(path_of(firsts[whole - 2]), O_RDONLY);
      each_line(before.get(), [&](std::string_view text, std::uint64_t) {
        const auto line = take_apart(text);
        if (line && line->seq + 1 == firsts[whole - 1]) {
          previous = line->hash;
          known = true;
        }
        return true;
      });
    }
    if (known && read_file_from(firsts[whole - 1], previous)) return;
    remove_file(path_of(firsts[whole - 1]));
  }
}

// False where the file holds nothing that fits.
bool JournalFiles::read_file_from(std::uint64_t first, const std::string& previous_hash) {
  file_ = open_file(path_of(first), O_RDWR);
  file_first_ = first;
  store::JournalPosition read{first - 1, previous_hash};
  std::uint64_t good = 0;
  each_line(file_.get(), [&](std::string_view text, std::uint64_t offset) {
    const auto line = take_apart(text);
    if (!line || line->seq != read.seq + 1 || line->seq >= first + k_events_per_file ||
        line->hash != store::chain_hash(read.hash, line->body))
      return false;
    read = {line->seq, std::string(line->hash)};
    good = offset;
    return true;
  });
  const auto size = std::filesystem::file_size(path_of(first));
  if (size != good) {
    log::warning("cutting a journal file behind its last whole line",
                 {{"file", path_of(first).native()}, {"bytes", std::to_string(size - good)}});
    if (::ftruncate(file_.get(), static_cast<off_t>(good)) != 0)
      throw system_error("cutting", path_of(first).native());
    sync_file(file_.get(), path_of(first));
  }
  if (good == 0) {
    file_.reset();
    file_first_ = 0;
    return false;
  }
  seek_to(file_.get(), good);
  position_ = read;
  return true;
}

void JournalFiles::append(const std::vector<store::JournalEvent>& events, bool durable) {
  std::string lines;
  const auto flush = [&] {
    if (lines.empty()) return;
    // In two pieces, so that a test can end the process between them.
    const auto half = lines.size() / 2;
    write_all(file_.get(), std::string_view(lines).substr(0, half));
    failpoint("clerk.within_journal_append");
    write_all(file_.get(), std::string_view(lines).substr(half));
    failpoint("clerk.before_journal_sync");
    if (durable && ::fdatasync(file_.get()) != 0)
      throw system_error("syncing", path_of(file_first_).native());
    lines.clear();
  };
  for (const auto& event : events) {
    if (event.seq != position_.seq + 1)
      throw internal_error("journal event " + std::to_string(event.seq) + " does not follow " +
                           std::to_string(position_.seq));
    const std::uint64_t first = (event.seq - 1) / k_events_per_file * k_events_per_file + 1;
    if (first != file_first_ || !file_) {
      flush();
      file_ = open_file(path_of(first), O_RDWR | O_CREAT | O_TRUNC);
      file_first_ = first;
      if (durable) sync_directory(directory_);
    }
    lines += line_of(event);
    position_ = {event.seq, event.hash};
    if (lines.size() > (4u << 20)) flush();
  }
  flush();
}

}  // namespace wharf
