// SPDX-License-Identifier: MIT
#include "registry/services/package_overview.hpp"

#include <algorithm>

#include "libwharf/package/version.hpp"
#include "registry/services/package_change.hpp"

namespace wharf {

std::vector<store::PackageOverview> PackageOverviews::list(const store::OverviewFilter& filter) {
  return database_.read(
      [&](store::Connection& connection) { return store::package_overviews(connection, filter); });
}

PackageOverviews::OfPackage PackageOverviews::package(std::string_view name) {
  return database_.read([&](store::Connection& connection) {
    auto overview = store::package_overview(connection, name);
    if (!overview) throw no_such_package(name);
    auto owners = store::owners_of(connection, overview->id);
    return OfPackage{std::move(*overview), std::move(owners)};
  });
}

std::vector<store::VersionRow> PackageOverviews::versions(std::string_view name) {
  auto rows = database_.read([&](store::Connection& connection) {
    const auto stamp = store::find_stamp(connection, name);
    if (!stamp) throw no_such_package(name);
    return store::all_versions_of(connection, stamp->id);
  });
  std::vector<std::pair<Version, store::VersionRow>> ordered;
  for (auto& row : rows) {
    auto version = parse_version(row.version);
    ordered.emplace_back(std::move(version), std::move(row));
  }
  std::ranges::sort(ordered, [](const auto& a, const auto& b) { return b.first < a.first; });
  rows.clear();
  for (auto& [version, row] : ordered) rows.push_back(std::move(row));
  return rows;
}

}  // namespace wharf
