// SPDX-License-Identifier: MIT
// Reading the audit log.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

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

}  // namespace wharf::store
