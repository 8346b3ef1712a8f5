// SPDX-License-Identifier: MIT
// The journal: what happened to packages, numbered 1, 2, 3 … without gaps, each event chained to the one
// before it by hash = hex(SHA-256(previous hash as hex text ‖ body)); the hash before the first is 64 zeros.
//
// `body` is canonical JSON (sorted keys, no spaces, UTF-8) with everything that a projection needs:
//   action, actor, at, package, version (or null)
//   metadata  what the package says of itself after the event: its latest version's manifest fields (null
//   where no
//             version is left), with `created_at`
//   owners    after the event: [{role, username}], sorted by name
//   entry     publish only: the version's entry of the index document, without `download_url`
//   reason    yank, or null; quarantine, always
// Actions: publish, yank, unyank, remove, owner-add, owner-remove, owner-transfer, quarantine, release.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/time.hpp"
#include "registry/store/connection.hpp"

namespace wharf::store {

struct JournalEvent {
  std::uint64_t seq = 0;
  Time at;
  std::string action, package;
  std::optional<std::string> version;
  std::string actor, body, hash;
};

struct JournalPosition {
  std::uint64_t seq = 0;
  std::string hash = std::string(64, '0');
  friend bool operator==(const JournalPosition&, const JournalPosition&) = default;
};

std::string chain_hash(std::string_view previous_hash, std::string_view body);

// The end of the journal, which nobody moves until the caller's transaction is over.
JournalPosition lock_journal(Connection& connection);

// Appends within the caller's transaction: takes the journal's lock (held until its commit), then the next
// number. `event.seq` and `event.hash` are filled in. To keep the lock short this is a transaction's last
// statement.
void append_event(Connection& connection, JournalEvent& event);

// The events after `position`, in order, at most `limit` of them and about `bytes` of body. Nothing where the
// journal is not the one that `position` was read from: the row at its number is gone or has another hash (a
// restore, a failover). Throws internal_error where the chain of hashes is broken, or a number stays missing.
std::optional<std::vector<JournalEvent>> events_after(Connection& connection, const JournalPosition& position,
                                                      unsigned limit, std::size_t bytes = 16u << 20);

JournalPosition journal_end(Connection& connection);
// When an event took place; nothing where there is none of that number.
std::optional<Time> event_time(Connection& connection, std::uint64_t seq);

// Stores and commits how far a machine's clerk has read. InnoDB flushes its log up to this commit, so that
// everything up to `position` is durable once it returns. Outside of any transaction.
void store_clerk_position(Connection& connection, std::string_view machine, const JournalPosition& position);

// How far a machine's clerk said that it had read; nothing where it never did.
std::optional<JournalPosition> clerk_position(Connection& connection, std::string_view machine);

// All machines' clerks, by name, with the time of their last word.
struct ClerkRow {
  std::string machine;
  JournalPosition position;
  Time seen_at;
};
std::vector<ClerkRow> clerks(Connection& connection);

// One package's events with after < seq <= up_to, in order, at most `limit`.
std::vector<JournalEvent> package_events(Connection& connection, std::string_view package,
                                         std::uint64_t after, std::uint64_t up_to, unsigned limit);

// All events of these packages, in order.
std::vector<JournalEvent> events_of(Connection& connection, const std::vector<std::string>& packages);
// Events as they stand, whether they make sense or not.
std::vector<JournalEvent> raw_events_after(Connection& connection, std::uint64_t seq, unsigned limit);

// Every package that the journal names up to `up_to`, greater than `after`, sorted by name, at most `limit`.
std::vector<std::string> packages_in_journal(Connection& connection, std::string_view after,
                                             std::uint64_t up_to, unsigned limit);

// Whether a version was removed by an event after `seq`.
bool removed_later(Connection& connection, std::string_view package, std::string_view version,
                   std::uint64_t seq);

}  // namespace wharf::store
