// SPDX-License-Identifier: MIT
// Packages as the operator sees them: quarantined ones and removed versions too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"
#include "registry/store/quarantine.hpp"
#include "registry/store/versions.hpp"

namespace wharf::store {

struct OverviewFilter {
  std::optional<std::string> owner;  // a user name; maintainers count, too
  std::optional<std::string> query;  // a part of the name
  bool quarantined = false;          // those alone
  bool yanked = false;               // those with a yanked version
  enum class Order { name, recent, downloads };
  Order order = Order::name;
  std::uint64_t limit = 100, offset = 0;
};

struct PackageOverview {
  std::int64_t id = 0;
  std::string name;
  std::uint64_t revision = 0;
  std::optional<std::string> latest_version;
  std::optional<Quarantine> quarantine;
  Time created_at, updated_at;
  std::int64_t versions = 0, yanked = 0, removed = 0;  // `versions` are those that are not removed
  std::int64_t downloads = 0;
  std::string owners;  // names of owners, not of maintainers, separated by spaces
};

std::vector<PackageOverview> package_overviews(Connection& connection, const OverviewFilter& filter);
std::optional<PackageOverview> package_overview(Connection& connection, std::string_view name);

// Names of packages that have a version, greater than `after`, in order, at most `limit`.
std::vector<std::string> package_names(Connection& connection, std::string_view after, unsigned limit);

}  // namespace wharf::store
