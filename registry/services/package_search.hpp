// SPDX-License-Identifier: MIT
// Finding packages: the search index says which and in what order, the database what is shown of them. One
// look into the index and one query, however many there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/search/searcher.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

class PackageSearch {
 public:
  PackageSearch(store::Database& database, const Path& directory) : database_(database), index_(directory) {}

  struct Item {
    std::string summary;  // render_summary()
    std::int64_t downloads = 0;
    double score = 0;  // 0–1
  };
  struct Page {
    std::vector<Item> items;
    std::uint64_t total = 0;
    bool total_is_estimate = false;
    std::optional<std::string> suggestion;
  };
  // All of these throw Error(unavailable) while there is no index.
  Page find(const search::Request& request);
  std::vector<std::string> suggest(std::string_view beginning, std::uint64_t limit) {
    return index_.suggest(beginning, limit);
  }
  const std::vector<search::Label>& categories() { return index_.categories(); }
  const std::vector<search::Label>& keywords() { return index_.keywords(); }

 private:
  store::Database& database_;
  search::Searcher index_;
};

}  // namespace wharf
