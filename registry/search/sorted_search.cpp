// SPDX-License-Identifier: MIT
#include "registry/search/sorted_search.hpp"

#include <algorithm>

#include "libwharf/base/time.hpp"

namespace wharf::search {

namespace {

// So many are sorted without further ado.
constexpr std::uint64_t k_few_enough = 3000;

// In the order of the sort; together they hold every package.
std::vector<std::string> bands_of(const Xapian::Database& database, Sort sort) {
  std::vector<std::string> bands;
  if (sort == Sort::downloads) {
    for (int band = term::k_download_bands - 1; band >= 0; --band) bands.push_back(term::download_band(band));
  } else if (sort == Sort::recent) {
    std::vector<std::int64_t> numbers;
    const auto prefix = std::string("XT");
    for (auto it = database.allterms_begin(prefix); it != database.allterms_end(prefix); ++it)
      numbers.push_back(std::stoll((*it).substr(prefix.size())));
    std::ranges::sort(numbers, std::greater());
    for (const auto number : numbers) bands.push_back(term::time_band(number));
  } else {
    for (const char c : std::string_view("0123456789abcdefghijklmnopqrstuvwxyz"))
      bands.push_back(term::beginning(std::string(1, c)));
  }
  return bands;
}

std::vector<std::string> run(const Xapian::Database& database, const Xapian::Query& query, Sort sort,
                             Xapian::doccount wanted) {
  Xapian::Enquire enquire(database);
  enquire.set_weighting_scheme(Xapian::BoolWeight());
  enquire.set_query(query);
  if (sort == Sort::name) {
    enquire.set_sort_by_value(slot::k_name, false);
  } else {
    enquire.set_sort_by_value(sort == Sort::downloads ? slot::k_downloads : slot::k_updated, true);
  }
  std::vector<std::string> names;
  const auto found = enquire.get_mset(0, wanted);
  for (auto it = found.begin(); it != found.end(); ++it)
    names.push_back(it.get_document().get_value(slot::k_name));
  return names;
}

}  // namespace

std::vector<std::string> first_sorted(const Xapian::Database& database, const Xapian::Query& matching,
                                      Sort sort, Xapian::doccount wanted, std::uint64_t about) {
  if (about <= k_few_enough) return run(database, matching, sort, wanted);
  const auto bands = bands_of(database, sort);
  const double share = static_cast<double>(about) / std::max(1u, database.get_doccount());
  // Bands until about so many of them match; four times as many where that was not enough.
  for (double enough = 2.0 * wanted + 50;; enough *= 4) {
    std::vector<Xapian::Query> taken;
    double expected = 0;
    for (const auto& band : bands) {
      if (expected >= enough) break;
      const auto packages = database.get_termfreq(band);
      if (packages == 0) continue;
      taken.emplace_back(band);
      expected += packages * share;
    }
    if (expected < enough) return run(database, matching, sort, wanted);
    const Xapian::Query top(Xapian::Query::OP_OR, taken.begin(), taken.end());
    auto names = run(database, Xapian::Query(Xapian::Query::OP_FILTER, matching, top), sort, wanted);
    if (names.size() >= wanted) return names;
  }
}

}  // namespace wharf::search
