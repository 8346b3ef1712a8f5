// SPDX-License-Identifier: MIT
#include "registry/store/bulk_rows.hpp"

#include <map>
#include <set>
#include <utility>

#include "libwharf/base/error.hpp"
#include "registry/store/row_lists.hpp"

namespace wharf::store {

namespace {

constexpr std::size_t k_bytes_at_once = 4u << 20;  // far below the least max_allowed_packet

// INSERT … VALUES of any number of rows, some of which may be long.
class Inserts {
 public:
  Inserts(Connection& connection, std::string_view head, std::string_view row, std::string_view tail = {})
      : connection_(connection), head_(head), row_(row), tail_(tail) {}

  template <class... A>
  void add(const A&... values) {
    rows_.push_back({parameter(values)...});
    for (const auto& value : rows_.back())
      if (const auto* text = std::get_if<std::string>(&value)) bytes_ += text->size();
    if (bytes_ >= k_bytes_at_once) flush();
  }
  void flush() {
    execute_for_rows(connection_, head_, row_, ", ", tail_, rows_);
    rows_.clear();
    bytes_ = 0;
  }

 private:
  Connection& connection_;
  const std::string_view head_, row_, tail_;
  RowList rows_;
  std::size_t bytes_ = 0;
};

void fill_in_ids(Connection& connection, std::vector<VersionRows>& versions) {
  std::map<std::pair<std::int64_t, std::string>, VersionRow*> waiting;
  std::set<std::int64_t> packages;
  for (auto& version : versions) {
    waiting.emplace(std::pair(version.row.package_id, version.identity), &version.row);
    packages.insert(version.row.package_id);
  }
  RowList asked;
  for (const auto id : packages) asked.push_back({parameter(id)});
  query_for_rows(connection, "SELECT id, package_id, identity FROM versions WHERE package_id IN (", "?", ", ",
                 ")", asked, [&](const Rows& row) {
                   if (const auto found = waiting.find({row.integer(1), row.text(2)}); found != waiting.end())
                     found->second->id = row.integer(0);
                 });
  for (const auto& version : versions)
    if (version.row.id == 0) throw internal_error("version " + version.row.version + " was not inserted");
}

}  // namespace

void insert_versions(Connection& connection, std::vector<VersionRows>& versions) {
  Inserts rows(connection,
               "INSERT INTO versions (package_id, version, identity, digest, blob_digest, size, dialect, "
               "manifest, state, yank_reason, published_by, published_at) VALUES ",
               "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const auto& [row, identity, dependencies, keywords, readme] : versions)
    rows.add(row.package_id, row.version, identity, row.digest, row.blob_digest, row.size, row.dialect,
             row.manifest, row.state == VersionState::yanked ? "yanked" : "active", row.yank_reason,
             row.published_by_id, row.published_at);
  rows.flush();
  fill_in_ids(connection, versions);

  Inserts needs(connection, "INSERT INTO dependencies (version_id, name, kind, requirement) VALUES ",
                "(?, ?, ?, ?)");
  Inserts words(connection, "INSERT INTO version_keywords (version_id, keyword) VALUES ", "(?, ?)");
  Inserts readmes(connection, "INSERT INTO readmes (version_id, file, content) VALUES ", "(?, ?, ?)");
  for (const auto& version : versions) {
    const auto id = version.row.id;
    for (const auto& one : version.dependencies) needs.add(id, one.name, one.kind, one.requirement);
    for (const auto& word : version.keywords) words.add(id, word);
    if (version.readme) readmes.add(id, version.readme->file, version.readme->content);
  }
  needs.flush();
  words.flush();
  readmes.flush();
}

void append_events(Connection& connection, std::vector<JournalEvent>& events) {
  auto end = lock_journal(connection);
  Inserts rows(connection,
               "INSERT INTO journal (seq, at, action, package, version, actor, body, hash) VALUES ",
               "(?, ?, ?, ?, ?, ?, ?, ?)");
  for (auto& event : events) {
    event.seq = end.seq + 1;
    event.hash = chain_hash(end.hash, event.body);
    end = {event.seq, event.hash};
    rows.add(event.seq, event.at, event.action, event.package, event.version, event.actor, event.body,
             event.hash);
  }
  rows.flush();
}

void add_downloads(Connection& connection, const std::vector<DayDownloads>& downloads) {
  using Key = std::pair<std::int64_t, std::string>;
  std::map<Key, std::int64_t> of_packages;
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> versions;  // package, total
  std::map<std::int64_t, std::int64_t> packages;
  std::map<std::string, std::int64_t> days;
  constexpr std::string_view add = " ON DUPLICATE KEY UPDATE count = count + VALUES(count)";
  constexpr std::string_view add_total = " ON DUPLICATE KEY UPDATE total = total + VALUES(total)";
  std::map<Key, std::int64_t> of_versions;
  for (const auto& one : downloads) {
    of_versions[{one.version_id, one.day}] += one.count;
    of_packages[{one.package_id, one.day}] += one.count;
    versions.try_emplace(one.version_id, one.package_id, 0).first->second.second += one.count;
    packages[one.package_id] += one.count;
    days[one.day] += one.count;
  }
  Inserts version_days(connection, "INSERT INTO version_downloads (version_id, day, count) VALUES ",
                       "(?, ?, ?)", add);
  for (const auto& [key, count] : of_versions) version_days.add(key.first, key.second, count);
  version_days.flush();
  Inserts package_days(connection, "INSERT INTO package_downloads (package_id, day, count) VALUES ",
                       "(?, ?, ?)", add);
  for (const auto& [key, count] : of_packages) package_days.add(key.first, key.second, count);
  package_days.flush();
  Inserts version_totals(connection,
                         "INSERT INTO version_download_totals (version_id, package_id, total) VALUES ",
                         "(?, ?, ?)", add_total);
  for (const auto& [id, total] : versions) version_totals.add(id, total.first, total.second);
  version_totals.flush();
  Inserts package_totals(connection, "INSERT INTO download_totals (package_id, total) VALUES ", "(?, ?)",
                         add_total);
  for (const auto& [id, total] : packages) package_totals.add(id, total);
  package_totals.flush();
  // Last and in one order, since everyone adds to these rows.
  Inserts all(connection, "INSERT INTO daily_downloads (day, count) VALUES ", "(?, ?)", add);
  for (const auto& [day, count] : days) all.add(day, count);
  all.flush();
}

}  // namespace wharf::store
