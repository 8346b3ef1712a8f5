// SPDX-License-Identifier: MIT
#include "registry/services/package_search.hpp"

#include "registry/store/search_rows.hpp"

namespace wharf {

PackageSearch::Page PackageSearch::find(const search::Request& request) {
  auto found = index_.search(request);
  std::vector<std::string> names;
  for (const auto& hit : found.hits) names.push_back(hit.name);
  auto rows =
      database_.read([&](store::Connection& connection) { return store::summaries_of(connection, names); });
  Page page;
  page.total = found.total;
  page.total_is_estimate = found.total_is_estimate;
  page.suggestion = std::move(found.suggestion);
  for (const auto& hit : found.hits) {
    const auto row = rows.find(hit.name);
    if (row == rows.end()) continue;
    page.items.push_back({std::move(row->second.summary), row->second.downloads, hit.score});
  }
  return page;
}

}  // namespace wharf
