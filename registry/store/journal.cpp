// SPDX-License-Identifier: MIT
#include "registry/store/journal.hpp"

#include <chrono>
#include <thread>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::store {

namespace {

JournalEvent event_of(const Rows& row) {
  JournalEvent event;
  event.seq = static_cast<std::uint64_t>(row.integer(0));
  event.at = row.time(1);
  event.action = row.text(2);
  event.package = row.text(3);
  event.version = row.maybe_text(4);
  event.actor = row.text(5);
  event.body = row.text(6);
  event.hash = row.text(7);
  return event;
}

}  // namespace

std::string chain_hash(std::string_view previous_hash, std::string_view body) {
  Sha256 hash;
  hash.update(previous_hash);
  hash.update(body);
  return to_hex(hash.finish());
}

// READ COMMITTED: the second statement's snapshot is taken after the lock was granted, so it sees the last
// holder's event.
JournalPosition lock_journal(Connection& connection) {
  auto lock = connection.query("SELECT id FROM journal_lock WHERE id = 1 FOR UPDATE");
  if (!lock.next()) throw internal_error("the journal's lock row is missing");
  return journal_end(connection);
}

void append_event(Connection& connection, JournalEvent& event) {
  const auto end = lock_journal(connection);
  event.seq = end.seq + 1;
  event.hash = chain_hash(end.hash, event.body);
  connection.execute(
      "INSERT INTO journal (seq, at, action, package, version, actor, body, hash) VALUES (?, ?, ?, ?, ?, ?, "
      "?, ?)",
      event.seq, event.at, event.action, event.package, event.version, event.actor, event.body, event.hash);
}

namespace {

struct Batch {
  std::optional<std::vector<JournalEvent>> events = std::vector<JournalEvent>();
  std::optional<std::uint64_t> behind_gap;  // the number that came where another was due
};

Batch read_batch(Connection& connection, const JournalPosition& position, unsigned limit, std::size_t bytes) {
  Batch batch;
  // One statement, one snapshot: the row at the position is read together with what follows it.
  auto rows = connection.query(
      "SELECT seq, at, action, package, version, actor, body, hash FROM journal WHERE seq >= ? ORDER BY seq "
      "LIMIT ?",
      position.seq, limit + 1);
  std::size_t taken = 0;
  JournalPosition previous;
  bool first = true;
  while (rows.next()) {
    if (first && position.seq > 0) {
      if (static_cast<std::uint64_t>(rows.integer(0)) != position.seq || rows.text(7) != position.hash)
        return {std::nullopt, {}};
      previous = position;
      first = false;
      continue;
    }
    first = false;
    auto event = event_of(rows);
    if (event.seq != previous.seq + 1) {
      batch.behind_gap = event.seq;
      return batch;
    }
    if (event.hash != chain_hash(previous.hash, event.body))
      throw internal_error("the journal is damaged at number " + std::to_string(event.seq));
    previous = {event.seq, event.hash};
    taken += event.body.size();
    batch.events->push_back(std::move(event));
    if (batch.events->size() == limit || taken >= bytes) break;
  }
  if (first && position.seq > 0) return {std::nullopt, {}};
  return batch;
}

}  // namespace

std::optional<std::vector<JournalEvent>> events_after(Connection& connection, const JournalPosition& position,
                                                      unsigned limit, std::size_t bytes) {
  // MariaDB collects the transactions that a snapshot must not see while others commit: it may miss one and
  // see the one that came after it. So a number that is not there yet is looked for again, for some time.
  constexpr int k_looks = 50;
  for (int look = 1;; ++look) {
    auto batch = read_batch(connection, position, limit, bytes);
    if (!batch.behind_gap || !batch.events->empty()) return std::move(batch.events);
    if (look == k_looks)
      throw internal_error("the journal is damaged at number " + std::to_string(*batch.behind_gap));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

JournalPosition journal_end(Connection& connection) {
  auto rows = connection.query("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1");
  if (!rows.next()) return {};
  return {static_cast<std::uint64_t>(rows.integer(0)), rows.text(1)};
}

std::optional<Time> event_time(Connection& connection, std::uint64_t seq) {
  auto rows = connection.query("SELECT at FROM journal WHERE seq = ?", seq);
  if (!rows.next()) return std::nullopt;
  return rows.time(0);
}

void store_clerk_position(Connection& connection, std::string_view machine, const JournalPosition& position) {
  connection.execute(
      "INSERT INTO clerks (machine, seq, hash, seen_at) VALUES (?, ?, ?, ?)"
      " ON DUPLICATE KEY UPDATE seq = VALUES(seq), hash = VALUES(hash), seen_at = VALUES(seen_at)",
      machine, position.seq, position.hash, now());
}

std::optional<JournalPosition> clerk_position(Connection& connection, std::string_view machine) {
  auto rows = connection.query("SELECT seq, hash FROM clerks WHERE machine = ?", machine);
  if (!rows.next()) return std::nullopt;
  return JournalPosition{static_cast<std::uint64_t>(rows.integer(0)), rows.text(1)};
}

std::vector<ClerkRow> clerks(Connection& connection) {
  std::vector<ClerkRow> all;
  auto rows = connection.query("SELECT machine, seq, hash, seen_at FROM clerks ORDER BY machine");
  while (rows.next())
    all.push_back({rows.text(0), {static_cast<std::uint64_t>(rows.integer(1)), rows.text(2)}, rows.time(3)});
  return all;
}

std::vector<JournalEvent> package_events(Connection& connection, std::string_view package,
                                         std::uint64_t after, std::uint64_t up_to, unsigned limit) {
  std::vector<JournalEvent> events;
  auto rows = connection.query(
      "SELECT seq, at, action, package, version, actor, body, hash FROM journal"
      " WHERE package = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
      package, after, up_to, limit);
  while (rows.next()) events.push_back(event_of(rows));
  return events;
}

std::vector<JournalEvent> events_of(Connection& connection, const std::vector<std::string>& packages) {
  if (packages.empty()) return {};
  std::string sql =
      "SELECT seq, at, action, package, version, actor, body, hash FROM journal WHERE package IN (";
  std::vector<Parameter> parameters;
  for (const auto& name : packages) {
    sql += parameters.empty() ? "?" : ", ?";
    parameters.push_back(parameter(name));
  }
  std::vector<JournalEvent> events;
  auto rows = connection.run_query(sql + ") ORDER BY seq", parameters);
  while (rows.next()) events.push_back(event_of(rows));
  return events;
}

std::vector<JournalEvent> raw_events_after(Connection& connection, std::uint64_t seq, unsigned limit) {
  std::vector<JournalEvent> events;
  auto rows = connection.query(
      "SELECT seq, at, action, package, version, actor, body, hash FROM journal WHERE seq > ? ORDER BY seq "
      "LIMIT ?",
      seq, limit);
  while (rows.next()) events.push_back(event_of(rows));
  return events;
}

std::vector<std::string> packages_in_journal(Connection& connection, std::string_view after,
                                             std::uint64_t up_to, unsigned limit) {
  std::vector<std::string> names;
  auto rows = connection.query(
      "SELECT package, MIN(seq) AS first FROM journal WHERE package > ? GROUP BY package HAVING first <= ?"
      " ORDER BY package LIMIT ?",
      after, up_to, limit);
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

bool removed_later(Connection& connection, std::string_view package, std::string_view version,
                   std::uint64_t seq) {
  auto rows = connection.query(
      "SELECT 1 FROM journal WHERE package = ? AND seq > ? AND version = ? AND action = 'remove' LIMIT 1",
      package, seq, version);
  return rows.next();
}

}  // namespace wharf::store
