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

// How many of the plain words must be there.
enum class Need { all, two, one };

class QueryPlan {
 public:
  QueryPlan(const Xapian::Database& database, const ParsedQuery& parsed, const Filters& filters);

  // Whether some of its words may be missing, so that less than all is worth asking for.
  bool can_be_relaxed() const { return words_.size() > 1 && !has_other_conditions_; }
  // What matches, of the packages that may be found.
  Xapian::Query matching(Need need) const;
  // The same with the constants.
  Xapian::Query ranked(const Xapian::Query& matching) const;

  // The query where it may be a name (ParsedQuery::name).
  const std::string& name() const { return name_; }
  // About as much as BM25 gives at best.
  double strength() const { return strength_; }

  // The constants, for whoever takes them off again.
  double weight_of_whole_name() const { return 30 * strength_; }
  double weight_of_beginning() const { return name_begins_ ? 10 * strength_ : 0; }
  double weight_of_band(int band) const;

 private:
  Xapian::Query of_node(const Node& node);
  Xapian::Query of_field(const Node& node);
  Xapian::Query of_beginning(const std::string& prefix, const std::string& text) const;
  Xapian::Query of_word(const std::string& word);
  void take_filters(const Filters& filters);

  const Xapian::Database& database_;
  std::vector<Xapian::Query> words_;
  Xapian::Query name_matches_, conditions_, filters_, excluded_;
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

// How much better popular packages are: 1 with no download, 1 + k_popularity with a million.
inline constexpr double k_popularity = 1.5;
double popularity(double downloads);

}  // namespace wharf::search
