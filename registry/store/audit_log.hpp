// SPDX-License-Identifier: MIT
// Reading the audit log.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct AuditRow {
  std::int64_t id = 0;
  Time at;
  std::string action;
  std::optional<std::string> actor, subject, address, reason, detail, request_id;
};

// What is not given matches everything. In a text, `*` stands for any run of characters. A subject also
// matches where a version follows it: `mylib` matches "mylib 1.0.0".
struct AuditFilter {
  std::optional<std::string> action, actor, subject;
  std::optional<Time> since, until;  // from, and before
};

// The newest `limit` rows of those that match, in the order in which they were written; all of them where it
// is 0. Rows after `after` alone. Returns the last row's id, or `after`. Reads them in pieces.
std::int64_t each_audit_row(Connection& connection, const AuditFilter& filter, std::uint64_t limit,
                            std::int64_t after, const std::function<void(const AuditRow&)>& visit);

// What is added from now on, once each. Rows come to light out of the order of their ids where a transaction
// is long, so that each round looks back as far as one may be: over the ids of the last half minute, and a
// thousand before these. For no more than these it remembers what it has seen.
class AuditFollower {
 public:
  explicit AuditFollower(AuditFilter filter) : filter_(std::move(filter)) {}
  // Before the first round, and before what is there already is read: that is not new.
  void begin(Connection& connection);
  void shown(std::int64_t id) { seen_.insert(id); }
  void round(Connection& connection, const std::function<void(const AuditRow&)>& visit);

 private:
  using Clock = std::chrono::steady_clock;
  std::int64_t oldest_looked_at() const;

  AuditFilter filter_;
  std::deque<std::pair<Clock::time_point, std::int64_t>> ends_;  // the log's last id, as the rounds found it
  std::set<std::int64_t> seen_;
};

}  // namespace wharf::store
