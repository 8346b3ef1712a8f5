// SPDX-License-Identifier: MIT
#include "registry/store/audit_log.hpp"

#include <vector>

namespace wharf::store {

namespace {

constexpr unsigned k_at_once = 500;

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

}  // namespace wharf::store
