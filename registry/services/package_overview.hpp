// SPDX-License-Identifier: MIT
// Packages as the operator sees them, whatever state they are in.
#pragma once

#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"
#include "registry/store/owners.hpp"
#include "registry/store/package_overview.hpp"

namespace wharf {

class PackageOverviews {
 public:
  explicit PackageOverviews(store::Database& database) : database_(database) {}

  std::vector<store::PackageOverview> list(const store::OverviewFilter& filter);

  // Both throw Error(not_found).
  struct OfPackage {
    store::PackageOverview overview;
    std::vector<store::OwnerRow> owners;
  };
  OfPackage package(std::string_view name);
  // Highest first, removed ones too.
  std::vector<store::VersionRow> versions(std::string_view name);

 private:
  store::Database& database_;
};

}  // namespace wharf
