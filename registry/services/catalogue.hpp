// SPDX-License-Identifier: MIT
// Reading: what anyone may see of the packages. Each call is a fixed number of queries, however many versions
// there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/package/manifest.hpp"
#include "registry/services/downloads.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/packages.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

class Catalogue {
 public:
  explicit Catalogue(store::Database& database) : database_(database) {}

  // All of these throw Error(not_found) for a package or version that is not there, or not any more, and
  // Error(quarantined) for a package that is quarantined.
  // What a conditional read asks first.
  struct Stamp {
    store::PackageStamp row;
    DownloadCounts downloads;
  };
  Stamp stamp(std::string_view name);
  struct Package {
    store::PackageRow row;  // the document with its counts
    DownloadCounts downloads;
  };
  Package package(std::string_view name);
  // What `latest` stands for; Error(not_found) where all versions are yanked or removed.
  std::string latest_version(std::string_view name);
  struct VersionView {
    store::VersionRow row;
    Manifest manifest;
    std::int64_t downloads = 0;
  };
  VersionView version(std::string_view name, std::string_view version);
  // Highest first.
  std::vector<std::string> versions(std::string_view name, bool with_yanked);
  // Error(not_found) also where the version has none.
  store::Readme readme(std::string_view name, std::string_view version);

 private:
  store::Database& database_;
  DownloadMemory downloads_;
};

}  // namespace wharf
