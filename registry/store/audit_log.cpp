// SPDX-License-Identifier: MIT
#include "registry/store/audit_log.hpp"

#include <algorithm>
#include <vector>

namespace wharf::store {

namespace {

constexpr unsigned k_at_once = 500;
constexpr std::int64_t k_looked_back = 1000;
constexpr std::chrono::seconds k_longest_transaction{30};

std::int64_t end_of_log(Connection& connection) {
  auto rows = connection.query("SELECT COALESCE(MAX(id), 0) FROM audit");
  rows.next();
  return rows.integer(0);
}

// For LIKE, with '!' as the escape.
std::string pattern_of(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c == '*' ? '%' : c;
  }
  return pattern;
}

struct Condition {
  std::string sql;
  std::vector<Parameter> parameters;
};

Condition condition_of(const AuditFilter& filter) {
  Condition condition{"id > ?", {}};
  const auto add = [&](const char* sql, Parameter value) {
    condition.sql += sql;
    condition.parameters.push_back(std::move(value));
  };
  if (filter.action) add(" AND action LIKE ? ESCAPE '!'", parameter(pattern_of(*filter.action)));
  if (filter.actor) add(" AND actor LIKE ? ESCAPE '!'", parameter(pattern_of(*filter.actor)));
  if (filter.subject) {
    add(" AND (subject LIKE ? ESCAPE '!'", parameter(pattern_of(*filter.subject)));
    add(" OR subject LIKE ? ESCAPE '!')", parameter(pattern_of(*filter.subject) + " %"));
  }
  if (filter.since) add(" AND at >= ?", parameter(*filter.since));
  if (filter.until) add(" AND at < ?", parameter(*filter.until));
  return condition;
}

}  // namespace

std::int64_t each_audit_row(Connection& connection, const AuditFilter& filter, std::uint64_t limit,
                            std::int64_t after, const std::function<void(const AuditRow&)>& visit) {
  const auto condition = condition_of(filter);
  const auto with = [&](std::int64_t from, std::initializer_list<Parameter> more) {
    std::vector<Parameter> parameters = {parameter(from)};
    parameters.insert(parameters.end(), condition.parameters.begin(), condition.parameters.end());
    parameters.insert(parameters.end(), more);
    return parameters;
  };
  if (limit > 0) {
    auto first = connection.run_query(
        "SELECT id FROM audit WHERE " + condition.sql + " ORDER BY id DESC LIMIT 1 OFFSET ?",
        with(after, {parameter(limit - 1)}));
    if (first.next()) after = first.integer(0) - 1;
  }
  for (;;) {
    auto rows = connection.run_query(
        "SELECT id, at, action, actor, subject, address, reason, detail, request_id FROM audit WHERE " +
            condition.sql + " ORDER BY id LIMIT ?",
        with(after, {parameter(k_at_once)}));
    unsigned count = 0;
    while (rows.next()) {
      ++count;
      after = rows.integer(0);
      visit({after, rows.time(1), rows.text(2), rows.maybe_text(3), rows.maybe_text(4), rows.maybe_text(5),
             rows.maybe_text(6), rows.maybe_text(7), rows.maybe_text(8)});
    }
    if (count < k_at_once) return after;
  }
}

std::int64_t AuditFollower::oldest_looked_at() const {
  return ends_.empty() ? 0 : std::max<std::int64_t>(0, ends_.front().second - k_looked_back);
}

void AuditFollower::begin(Connection& connection) {
  ends_ = {{Clock::now(), end_of_log(connection)}};
  each_audit_row(connection, filter_, 0, oldest_looked_at(), [&](const AuditRow& row) { shown(row.id); });
}

void AuditFollower::round(Connection& connection, const std::function<void(const AuditRow&)>& visit) {
  const auto at = Clock::now();
  const auto end = end_of_log(connection);
  each_audit_row(connection, filter_, 0, oldest_looked_at(), [&](const AuditRow& row) {
    if (seen_.insert(row.id).second) visit(row);
  });
  ends_.emplace_back(at, end);
  while (ends_.size() > 1 && ends_[1].first + k_longest_transaction <= at) ends_.pop_front();
  seen_.erase(seen_.begin(), seen_.upper_bound(oldest_looked_at()));
}

}  // namespace wharf::store
