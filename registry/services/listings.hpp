// SPDX-License-Identifier: MIT
// Lists of the packages that have a latest version. Each call is a fixed number of queries, and none looks at
// more rows than it skips and shows.
#pragma once

#include <cstdint>
#include <vector>

#include "registry/store/connection.hpp"
#include "registry/store/listings.hpp"

namespace wharf {

class Listings {
 public:
  explicit Listings(store::Database& database) : database_(database) {}

  // By name; the last changed first; or the most downloaded first, the newer package among equals, and behind
  // them those that were never downloaded, by name.
  enum class Order { name, downloads, recent };
  struct Page {
    std::vector<store::ListedPackage> packages;
    std::int64_t total = 0;
  };
  Page page(Order order, std::uint64_t limit, std::uint64_t offset);

 private:
  store::Database& database_;
};

}  // namespace wharf
