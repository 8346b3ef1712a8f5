// SPDX-License-Identifier: MIT
// The audit log: who did what, from where, and why. Private; rows are only ever added.
#pragma once

#include <optional>
#include <string>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct AuditEntry {
  std::string action;                  // "login", "token-create": at most 30 characters
  std::optional<std::string> actor;    // a user name; nothing where nobody is signed in
  std::optional<std::string> subject;  // the account, package or token that it was done to
  std::string address;
  std::optional<std::string> reason;
  std::string request_id;
  std::optional<std::string> detail = {};  // what exactly was changed, where the action does not say it
};

// Within the caller's transaction where there is one. What is longer than its column is cut, never refused:
// the log must not be what a request fails on.
void record_audit(Connection& connection, const AuditEntry& entry, Time at);

}  // namespace wharf::store
