// SPDX-License-Identifier: MIT
// The rows of `reserved_names`: names that the operator keeps free.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct ReservedName {
  std::string name;
  std::optional<std::string> reason;
  std::string reserved_by;  // "os:NAME"
  Time reserved_at;
};

// The reserved name that a person would confuse with one of this key. Waits for whoever is about to reserve
// or free it, and holds it until the transaction ends: of a publish of a new package and a reservation of its
// name, each of which writes its own row before it looks for the other's, one is refused.
std::optional<ReservedName> hold_reserved_name(Connection& connection, std::string_view confusion_key);

// By name, at most `limit` of those greater than `after`.
std::vector<ReservedName> reserved_names(Connection& connection, std::string_view after, unsigned limit);

// One of the same key that is there already is DatabaseError(duplicate_key).
void insert_reserved_name(Connection& connection, const ReservedName& name, std::string_view confusion_key);
// False where there was none of exactly that name.
bool delete_reserved_name(Connection& connection, std::string_view name);

}  // namespace wharf::store
