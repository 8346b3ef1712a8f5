// SPDX-License-Identifier: MIT
// Who depends on whom now: what the latest version of each package requires. Rows are written in the
// transaction that changes the package, while its row is locked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"
#include "registry/store/versions.hpp"

namespace wharf::store {

// Makes `wanted` the rows of a package: one row a name, and none of its own name. Writes only what differs.
void set_package_dependencies(Connection& connection, std::string_view package,
                              const std::vector<DependencyRow>& wanted);

// The packages whose latest version depends on `name`, by name; `version` is that latest version.
std::vector<Dependent> dependents(Connection& connection, std::string_view name, std::uint64_t limit,
                                  std::uint64_t offset);
std::int64_t count_dependents(Connection& connection, std::string_view name);

}  // namespace wharf::store
