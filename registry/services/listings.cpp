// SPDX-License-Identifier: MIT
#include "registry/services/listings.hpp"

#include <algorithm>
#include <iterator>

#include "registry/store/totals.hpp"

namespace wharf {

namespace {

std::vector<store::ListedPackage> most_downloaded(store::Connection& connection, std::uint64_t limit,
                                                  std::uint64_t offset) {
  auto page = store::packages_by_downloads(connection, limit, offset);
  if (page.size() == limit) return page;
  const auto counted = static_cast<std::uint64_t>(store::count_downloaded_packages(connection));
  auto rest = store::packages_never_downloaded(connection, limit - page.size(),
                                               offset > counted ? offset - counted : 0);
  std::move(rest.begin(), rest.end(), std::back_inserter(page));
  return page;
}

}  // namespace

Listings::Page Listings::page(Order order, std::uint64_t limit, std::uint64_t offset) {
  return database_.read([&](store::Connection& connection) {
    Page page;
    page.total = store::totals(connection).listed;
    switch (order) {
      case Order::name:
        page.packages = store::packages_by_name(connection, limit, offset);
        break;
      case Order::recent:
        page.packages = store::packages_by_change(connection, limit, offset);
        break;
      case Order::downloads:
        page.packages = most_downloaded(connection, limit, offset);
        break;
    }
    return page;
  });
}

}  // namespace wharf
