// SPDX-License-Identifier: MIT
// Pages of packages that have a latest version, as lists show them. A page costs what it skips in an index
// and what it shows in rows; who asks caps the offset.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct ListedPackage {
  std::int64_t id = 0;
  std::string summary;  // registry/services/package_document knows its form
  std::int64_t downloads = 0;
};

std::vector<ListedPackage> packages_by_name(Connection& connection, std::uint64_t limit,
                                            std::uint64_t offset);
// The last changed first.
std::vector<ListedPackage> packages_by_change(Connection& connection, std::uint64_t limit,
                                              std::uint64_t offset);
// The most downloaded first, the newer package among equals; only those that were ever counted.
std::vector<ListedPackage> packages_by_downloads(Connection& connection, std::uint64_t limit,
                                                 std::uint64_t offset);
std::int64_t count_downloaded_packages(Connection& connection);
// The others, by name.
std::vector<ListedPackage> packages_never_downloaded(Connection& connection, std::uint64_t limit,
                                                     std::uint64_t offset);

}  // namespace wharf::store
