// SPDX-License-Identifier: MIT
// A parsed query as Xapian runs it. Inside of this room alone.
//
// What matches is weighted by BM25 over words. Beside that stand constants: for the whole name, for a
// beginning of it, and for bands of downloads, so that Xapian keeps the right ones of many without looking at
// each; ranking.hpp then orders the best of them exactly.
#pragma once

#include <string>
#include <vector>

#include "registry/search/layout.hpp"
#include "registry/search/query.hpp"

namespace wharf::search {

// Conditions beside the text; empty ones count for nothing.
struct Filters {
  std::string category, keyword, author, license;
  bool empty() const { return category.empty() && keyword.empty() && author.empty() && license.empty(); }
};

// How many of the plain words must be there; most: one of three or more may be missing.
enum class Need { all, most, two, one };

// What a name that begins with the query gains, of what the words could.
inline constexpr double k_beginning = 0.5;
// Longer queries must have all of their words, unless hardly anything has.
inline constexpr std::size_t k_long_at_most = 8;

class QueryPlan {
 public:
  QueryPlan(const Xapian::Database& database, const ParsedQuery& parsed, const Filters& filters);

  // Whether some of its words may be missing, so that less than all is worth asking for.
  bool can_be_relaxed() const { return words_.size() > 1 && !has_other_conditions_; }
  // Whether it says so much that one of its words may be missing from the start.
  bool is_long() const {
    return words_.size() > 2 && words_.size() <= k_long_at_most && !has_other_conditions_;
  }
  // What matches, of the packages that may be found.
  Xapian::Query matching(Need need) const;
  // Of `about` packages that match: all of them, or, where they are very many, those among which the best
  // are, which are the most downloaded ones, those with a word that few have, and the one of that very name.
  Xapian::Query best_of(const Xapian::Query& matching, std::uint64_t about) const;
  // The same with the constants.
  Xapian::Query ranked(const Xapian::Query& matching) const;

  // The query where it may be a name (ParsedQuery::name).
  const std::string& name() const { return name_; }
  // About as much as BM25 gives at best.
  double strength() const { return strength_; }
  // The plain words that count, as they were asked for.
  const std::vector<std::string>& plain_words() const { return plain_words_; }

  // The constants, for whoever takes them off again.
  double weight_of_whole_name() const { return 30 * strength_; }
  double weight_of_beginning() const { return name_begins_ ? k_beginning * strength_ : 0; }
  double weight_of_band(int band) const;

 private:
  Xapian::Query of_node(const Node& node);
  Xapian::Query of_field(const Node& node);
  Xapian::Query of_beginning(const std::string& prefix, const std::string& text) const;
  Xapian::Query of_word(const std::string& word);
  void take_filters(const Filters& filters);

  const Xapian::Database& database_;
  std::vector<Xapian::Query> words_;
  std::vector<Xapian::doccount> frequencies_;  // of words_
  std::vector<std::string> plain_words_;
  Xapian::Query name_matches_, joined_, conditions_, filters_, excluded_;
  std::string name_;
  bool name_begins_ = false, has_other_conditions_ = false;
  double strength_ = 0;
};

// Every name that begins so, as a filter; nothing matches what is no beginning of a name.
Xapian::Query names_beginning_with(const Xapian::Database& database, const std::string& joined);

// `query` with a constant weight.
Xapian::Query weighing(double weight, const Xapian::Query& query);
// `query` without any weight.
Xapian::Query weightless(const Xapian::Query& query);

// More than so many matches are very many.
inline constexpr std::uint64_t k_many = 10'000;

// How much more often a word counts: one that counts three times weighs twice as much as one that counts
// once, one that counts without end k_saturation + 1 times.
inline constexpr double k_saturation = 4;
Xapian::BM25Weight bm25();

// How much better popular packages are: 1 with no download, 1 + k_popularity with a million; by the square of
// their logarithm, so that it tells the known from the unknown.
inline constexpr double k_popularity = 4;
double popularity(double downloads);

}  // namespace wharf::search
