// SPDX-License-Identifier: MIT
#include "registry/search/query_plan.hpp"

#include <algorithm>
#include <cmath>

#include "registry/search/words.hpp"

namespace wharf::search {

namespace {

using Query = Xapian::Query;

// A word's beginning stands for at most so many words, the most frequent ones of those looked at.
constexpr std::size_t k_expansions = 64, k_terms_looked_at = 2000;
// What a package that has the words written in one weighs of what it would with the words.
constexpr double k_joined = 0.8;
// What another form of a word counts of the word itself: `parsing` where `parser` is asked for.
constexpr double k_other_form = 0.7;
// Of more than k_many, about the k_kept most downloaded ones are looked at.
constexpr std::uint64_t k_kept = 3000;
// What BM25 gives, typically, of what it could.
constexpr double k_typical = 0.6;

// Matches no package, by a term that none has. Xapian's own MatchNothing is `empty()`, as a query is that was
// never set, and so would count for no condition at all.
Query nothing() {
  return Query("XNOTHING");
}

Query all_of(const std::vector<Query>& queries) {
  return Query(Query::OP_AND, queries.begin(), queries.end());
}
Query any_of(const std::vector<Query>& queries) {
  return Query(Query::OP_OR, queries.begin(), queries.end());
}
Query both(const Query& a, const Query& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return Query(Query::OP_AND, a, b);
}

// As BM25Weight with the parameters of bm25() has it.
double weight_of_term(double documents, double frequency) {
  double weight = (documents - frequency + 0.5) / (frequency + 0.5);
  if (weight < 2) weight = weight * 0.5 + 1;
  return (k_saturation + 1) * std::log(weight);
}

}  // namespace

Xapian::BM25Weight bm25() {
  return Xapian::BM25Weight(k_saturation, 0, 1, 0, 0.5);
}

double popularity(double downloads) {
  const double magnitude = std::log10(1 + std::max(0.0, downloads)) / 6;
  return 1 + k_popularity * magnitude * magnitude;
}

Query weightless(const Query& query) {
  return Query(Query::OP_SCALE_WEIGHT, query, 0.0);
}

Query weighing(double weight, const Query& query) {
  return Query(Query::OP_FILTER, Query((new Xapian::FixedWeightPostingSource(weight))->release()), query);
}

Query names_beginning_with(const Xapian::Database& database, const std::string& joined) {
  if (joined.empty()) return nothing();
  if (joined.size() <= term::k_longest_beginning) return Query(term::beginning(joined));
  std::vector<Query> names;
  const auto prefix = term::whole_name(joined);
  std::size_t looked_at = 0;
  for (auto it = database.allterms_begin(prefix); it != database.allterms_end(prefix); ++it) {
    names.emplace_back(*it);
    if (++looked_at == k_expansions) break;
  }
  return names.empty() ? nothing() : any_of(names);
}

QueryPlan::QueryPlan(const Xapian::Database& database, const ParsedQuery& parsed, const Filters& filters)
    : database_(database), name_(parsed.name), has_other_conditions_(parsed.demands_all) {
  const bool all_fillers = std::ranges::all_of(parsed.words, is_filler);
  for (const auto& word : parsed.words) {
    if (!all_fillers && is_filler(word)) continue;
    words_.push_back(of_word(word));
    frequencies_.push_back(database.get_termfreq(term::stemmed(stem(word))));
    plain_words_.push_back(word);
  }
  for (const auto& condition : parsed.conditions) {
    if (condition.field == Field::none) has_other_conditions_ = true;
    conditions_ = both(conditions_, of_node(condition));
  }
  const double wanted = strength_;
  std::vector<Query> excluded;
  for (const auto& node : parsed.excluded) excluded.push_back(of_node(node));
  if (!excluded.empty()) excluded_ = any_of(excluded);
  strength_ = wanted;
  take_filters(filters);
  if (strength_ <= 0) strength_ = 1;

  std::vector<Query> names;
  if (!name_.empty()) {
    names.push_back(weightless(Query(term::whole_name(name_))));
    if (parsed.words.size() > 1) {
      const auto whole = term::stemmed(stem(name_));
      if (const auto frequency = database_.get_termfreq(whole); frequency > 0)
        joined_ = Query(Query::OP_SCALE_WEIGHT, Query(whole),
                        k_joined * strength_ / weight_of_term(database_.get_doccount(), frequency));
    }
    name_begins_ = name_.size() >= 2;
    if (name_begins_) names.push_back(weightless(names_beginning_with(database_, name_)));
    name_matches_ = any_of(names);
  }
}

Query QueryPlan::of_word(const std::string& word) {
  const auto term = term::stemmed(stem(word));
  strength_ += weight_of_term(database_.get_doccount(), database_.get_termfreq(term));
  std::vector<Query> forms{Query(term)};
  for (const auto& other : other_stems(word))
    if (database_.term_exists(term::stemmed(other)))
      forms.emplace_back(Query::OP_SCALE_WEIGHT, Query(term::stemmed(other)), k_other_form);
  return forms.size() == 1 ? forms.front() : Query(Query::OP_MAX, forms.begin(), forms.end());
}

Query QueryPlan::of_beginning(const std::string& prefix, const std::string& text) const {
  std::vector<std::pair<Xapian::doccount, std::string>> found;
  std::size_t looked_at = 0;
  const auto begin = prefix + text;
  for (auto it = database_.allterms_begin(begin); it != database_.allterms_end(begin); ++it) {
    found.emplace_back(it.get_termfreq(), *it);
    if (++looked_at == k_terms_looked_at) break;
  }
  const auto kept = std::min(found.size(), k_expansions);
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(),
                    [](const auto& a, const auto& b) {
                      return a.first != b.first ? a.first > b.first : a.second < b.second;
                    });
  std::vector<Query> queries;
  for (std::size_t i = 0; i < kept; ++i) queries.emplace_back(found[i].second);
  return queries.empty() ? nothing() : any_of(queries);
}

Query QueryPlan::of_field(const Node& node) {
  const bool open_ended = node.kind == Node::Kind::beginning;
  const auto exact_or_beginning = [&](const std::string& term) {
    return open_ended ? of_beginning(term, {}) : Query(term);
  };
  Query query;
  switch (node.field) {
    case Field::category:
      query = exact_or_beginning(term::category(slug(node.text)));
      break;
    case Field::keyword:
      query = exact_or_beginning(term::keyword(slug(node.text)));
      break;
    case Field::license: {
      const auto words = license_words(node.text);
      if (words.empty()) return nothing();
      query = exact_or_beginning(term::license(words.back()));
      break;
    }
    case Field::name: {
      const auto whole = joined(node.text);
      if (open_ended) {
        query = Query(Query::OP_OR, names_beginning_with(database_, whole),
                      of_beginning(term::name_word(whole), {}));
        break;
      }
      std::vector<Query> words;
      for (const auto& word : words_of(node.text, 16)) words.emplace_back(term::name_word(word));
      query = Query(Query::OP_OR, Query(term::whole_name(whole)), all_of(words));
      break;
    }
    default: {
      std::vector<Query> words;
      for (const auto& word : words_of(node.text, 16)) words.emplace_back(term::author(word));
      if (open_ended && !words.empty()) {
        const auto last = words_of(node.text, 16).back();
        words.back() = of_beginning(term::author(last), {});
      }
      query = words.empty() ? nothing() : all_of(words);
    }
  }
  return weightless(query);
}

Query QueryPlan::of_node(const Node& node) {
  if (node.field != Field::none) return of_field(node);
  switch (node.kind) {
    case Node::Kind::word:
      return of_word(node.text);
    case Node::Kind::beginning:
      strength_ += 5;
      return of_beginning({}, node.text);
    case Node::Kind::phrase: {
      if (node.words.size() == 1) return Query(node.words.front());
      for (const auto& word : node.words)
        strength_ += weight_of_term(database_.get_doccount(), database_.get_termfreq(word));
      return Query(Query::OP_PHRASE, node.words.begin(), node.words.end(),
                   static_cast<Xapian::termcount>(node.words.size()));
    }
    case Node::Kind::any:
    case Node::Kind::none_of: {
      std::vector<Query> parts;
      for (const auto& part : node.parts) parts.push_back(of_node(part));
      return parts.empty() ? nothing() : any_of(parts);
    }
    case Node::Kind::all:
      break;
  }
  Query positive, negative;
  for (const auto& part : node.parts) {
    if (part.kind == Node::Kind::none_of) {
      const auto without = of_node(part);
      negative = negative.empty() ? without : Query(Query::OP_OR, negative, without);
    } else {
      positive = both(positive, of_node(part));
    }
  }
  if (positive.empty()) positive = weightless(Query(term::k_found));
  return negative.empty() ? positive : Query(Query::OP_AND_NOT, positive, negative);
}

void QueryPlan::take_filters(const Filters& filters) {
  const auto add = [&](Field field, const std::string& text) {
    if (text.empty()) return;
    Node node;
    node.kind = Node::Kind::word;
    node.field = field;
    node.text = text;
    filters_ = both(filters_, of_field(node));
  };
  add(Field::category, filters.category);
  add(Field::keyword, filters.keyword);
  add(Field::author, filters.author);
  add(Field::license, filters.license);
}

Query QueryPlan::matching(Need need) const {
  Query text;
  if (!words_.empty()) {
    text = all_of(words_);
    if (need == Need::most && words_.size() > 2) {
      std::vector<Query> telling(words_), without_one;
      if (telling.size() > 3)
        telling.erase(telling.begin() + (std::ranges::max_element(frequencies_) - frequencies_.begin()));
      for (std::size_t i = 0; i < telling.size(); ++i) {
        std::vector<Query> others(telling);
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        without_one.push_back(all_of(others));
      }
      text = Query(Query::OP_FILTER, any_of(words_), any_of(without_one));
    } else if (need != Need::all) {
      Query any = any_of(words_);
      if (need == Need::two && words_.size() > 2 && words_.size() <= 8) {
        std::vector<Query> pairs;
        for (std::size_t i = 0; i < words_.size(); ++i)
          for (std::size_t j = i + 1; j < words_.size(); ++j)
            pairs.emplace_back(Query::OP_AND, words_[i], words_[j]);
        any = Query(Query::OP_FILTER, any, any_of(pairs));
      }
      text = any;
    }
    if (!joined_.empty()) text = Query(Query::OP_MAX, text, joined_);
    if (!name_matches_.empty()) text = Query(Query::OP_OR, text, name_matches_);
  }
  Query query = both(text, conditions_);
  if (query.empty()) query = weightless(Query(term::k_found));
  if (!filters_.empty()) query = Query(Query::OP_FILTER, query, filters_);
  if (!excluded_.empty()) query = Query(Query::OP_AND_NOT, query, excluded_);
  return query;
}

Query QueryPlan::best_of(const Query& matching, std::uint64_t about) const {
  if (about <= k_many) return matching;
  const double share = static_cast<double>(about) / std::max(1u, database_.get_doccount());
  std::vector<Query> kept;
  double expected = 0;
  for (int band = term::k_download_bands - 1; band >= 0 && expected < k_kept; --band) {
    const auto packages = database_.get_termfreq(term::download_band(band));
    if (packages == 0) continue;
    kept.emplace_back(term::download_band(band));
    expected += packages * share;
  }
  if (!name_.empty()) kept.emplace_back(term::whole_name(name_));
  for (std::size_t i = 0; i < words_.size(); ++i)
    if (frequencies_[i] <= k_many) kept.push_back(words_[i]);
  return Query(Query::OP_FILTER, matching, any_of(kept));
}

double QueryPlan::weight_of_band(int band) const {
  return k_typical * strength_ * (popularity(least_downloads_of(band)) - 1);
}

Query QueryPlan::ranked(const Query& matching) const {
  std::vector<Query> constants;
  if (!name_.empty()) {
    constants.push_back(weighing(weight_of_whole_name(), Query(term::whole_name(name_))));
    if (name_begins_)
      constants.push_back(weighing(weight_of_beginning(), names_beginning_with(database_, name_)));
  }
  for (int band = 1; band < term::k_download_bands; ++band) {
    const auto term = term::download_band(band);
    if (database_.term_exists(term)) constants.push_back(weighing(weight_of_band(band), Query(term)));
  }
  if (constants.empty()) return matching;
  return Query(Query::OP_AND_MAYBE, matching, any_of(constants));
}

}  // namespace wharf::search
