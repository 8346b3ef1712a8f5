// SPDX-License-Identifier: MIT
// The search index's reader, one a worker. It follows the clerk by itself: each call looks whether there is a
// newer state, or another index in the place of the one it has.
//
// No text is refused (query.hpp). Where there is no index, or none that can be read, calls throw
// Error(unavailable). Pages beyond the end are empty. Time and memory of a call are bounded by the sizes of
// query.hpp and by limit and offset.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/file.hpp"

namespace wharf::search {

enum class Sort { relevance, downloads, recent, name };

// Totals are exact up to this many.
inline constexpr std::uint64_t k_exact_total = 1000;

struct Request {
  std::string text;  // with nothing in it and no filter: every package
  std::string category, keyword, author, license;
  Sort sort = Sort::relevance;
  std::uint64_t limit = 20, offset = 0;
};

struct Hit {
  std::string name;
  double score = 0;  // 0–1
};

struct Found {
  std::vector<Hit> hits;
  std::uint64_t total = 0;
  bool total_is_estimate = false;
  // The query, differently spelt, where it finds little and the other spelling finds more.
  std::optional<std::string> suggestion;
};

// A category or keyword with the number of its packages.
struct Label {
  std::string name;
  std::uint64_t count = 0;
};

class Searcher {
 public:
  explicit Searcher(Path directory);
  ~Searcher();

  Found search(const Request& request);
  // Names that begin so, the most downloaded ones first.
  std::vector<std::string> suggest(std::string_view beginning, std::uint64_t limit);
  // By count, then name. They may be some seconds old where there are very many.
  const std::vector<Label>& categories();
  const std::vector<Label>& keywords();
  // The packages of one category; 0 where there is none.
  std::uint64_t packages_in(std::string_view category);

  // For status pages and checks.
  struct Standing {
    std::uint64_t seq = 0;  // the last journal number that is in the index
    std::string hash;
    std::uint64_t packages = 0;  // that may be found
  };
  Standing standing();
  // Names that may be found, greater than `after`, sorted, at most `limit`.
  std::vector<std::string> names(std::string_view after, std::size_t limit);

 private:
  struct State;
  template <class Work>
  decltype(auto) with_index(Work&& work);
  std::unique_ptr<State> state_;
};

}  // namespace wharf::search
