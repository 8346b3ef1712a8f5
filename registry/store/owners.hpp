// SPDX-License-Identifier: MIT
// The rows of `package_owners`: who may do what with a package. Owners may do everything, maintainers publish
// and yank.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct OwnerRow {
  std::int64_t user_id = 0;
  std::string username;
  std::string role;  // "owner", "maintainer"
  Time added_at;
};

// Sorted by name.
std::vector<OwnerRow> owners_of(Connection& connection, std::int64_t package_id);
// The same by the package's name; nothing where there is no such package.
std::optional<std::vector<OwnerRow>> owners_of_package(Connection& connection, std::string_view package);
// The names of the packages in which a user has a role, sorted.
std::vector<std::string> packages_with_role(Connection& connection, std::int64_t user_id);
void insert_owner(Connection& connection, std::int64_t package_id, std::int64_t user_id,
                  std::string_view role, Time at, std::optional<std::int64_t> added_by);
void set_owner_role(Connection& connection, std::int64_t package_id, std::int64_t user_id,
                    std::string_view role);
// False where there was none.
bool delete_owner(Connection& connection, std::int64_t package_id, std::int64_t user_id);
// Everyone but this user.
void delete_other_owners(Connection& connection, std::int64_t package_id, std::int64_t user_id);

}  // namespace wharf::store
