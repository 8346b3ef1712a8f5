// SPDX-License-Identifier: MIT
// Reading: what anyone may see of the packages. Each call is a fixed number of queries, however many versions
// there are.
#pragma once

#include <chrono>
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

  // All of these throw Error(not_found) for a package or version that is not there, or not any more.
  // What a conditional read asks first.
  struct Stamp {
    store::PackageStamp row;
    DownloadCounts downloads;  // without the versions'
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

  enum class Order { name, downloads, recent };
  struct Listing {
    std::vector<std::string> summaries;  // JSON objects: render_summary()
    std::int64_t total = 0;
  };
  // How old a count of rows may be. Counting takes a while where there are many, so whoever sends no token
  // shares one.
  enum class Counts { exact, a_second_old };
  Listing list(Order order, std::uint64_t limit, std::uint64_t offset, Counts counts = Counts::exact);

  struct Statistics {
    Time at;
    store::Totals totals;
    std::int64_t downloads = 0;
    std::vector<std::string> top;  // names, most downloaded first
  };
  const Statistics& statistics(Counts counts = Counts::exact);

 private:
  store::Database& database_;
  Statistics statistics_{};
  std::chrono::steady_clock::time_point counted_{};
};

}  // namespace wharf
