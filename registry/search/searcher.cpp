// SPDX-License-Identifier: MIT
#include "registry/search/searcher.hpp"

#include <algorithm>
#include <chrono>

#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/base/time.hpp"
#include "registry/search/index_directory.hpp"
#include "registry/search/query_plan.hpp"
#include "registry/search/ranking.hpp"
#include "registry/search/sorted_search.hpp"
#include "registry/search/spelling.hpp"
#include "registry/search/words.hpp"

namespace wharf::search {

namespace {

using std::chrono::steady_clock;

// Fewer packages than this are few: some of the words may then be missing, and other spellings are looked at.
constexpr std::uint64_t k_few = 5;
constexpr Xapian::doccount k_check = static_cast<Xapian::doccount>(k_exact_total) + 1;

Error no_index(const std::string& detail) {
  return Error(Code::unavailable,
               "the search index is being made; everything but search works, please try again", detail)
      .retry_in(5);
}

// Lists of labels are made again at most so often as to take a hundredth of the time.
struct Labels {
  std::vector<Label> all;
  std::string of;  // the index and its state
  steady_clock::time_point until{};
};

std::vector<Label> read_labels(const Xapian::Database& database, const std::string& prefix) {
  std::vector<Label> labels;
  for (auto it = database.allterms_begin(prefix); it != database.allterms_end(prefix); ++it)
    labels.push_back({(*it).substr(prefix.size()), it.get_termfreq()});
  std::ranges::sort(labels, [](const Label& a, const Label& b) {
    return a.count != b.count ? a.count > b.count : a.name < b.name;
  });
  return labels;
}

struct Total {
  std::uint64_t number = 0;
  bool exact = true;
};

Total total_of(const Xapian::MSet& found) {
  const bool exact = found.get_matches_lower_bound() == found.get_matches_upper_bound();
  if (exact) return {found.get_matches_lower_bound(), true};
  return {std::max(found.get_matches_estimated(), found.get_matches_lower_bound()), false};
}

}  // namespace

struct Searcher::State {
  explicit State(Path root) : directory(std::move(root)) {}

  IndexDirectory directory;
  std::optional<Path> path;
  Xapian::Database database;
  Labels categories, keywords;

  // Opens what answers now, or brings what is open to its newest state.
  void look() {
    const auto current = directory.current();
    if (!current && !path) throw no_index("there is no index in " + directory.root().native());
    if (current && current != path) {
      path.reset();
      Xapian::Database opened(current->native(), Xapian::DB_OPEN | Xapian::DB_BACKEND_GLASS);
      if (opened.get_metadata("format") != std::to_string(k_format))
        throw no_index("the index is of another form");
      database = std::move(opened);
      path = current;
    } else {
      database.reopen();
    }
  }

  std::string stamp() const { return path->native() + ":" + std::to_string(database.get_revision()); }

  const std::vector<Label>& labels(Labels& kept, const std::string& prefix) {
    const auto now = steady_clock::now();
    const auto wanted = stamp();
    if (kept.of == wanted || now < kept.until) return kept.all;
    kept.all = read_labels(database, prefix);
    kept.of = wanted;
    const auto after = steady_clock::now();
    kept.until = after + 100 * (after - now);
    return kept.all;
  }

  Found search(const Request& request);
  Found by_relevance(const Request& request, const QueryPlan& plan);
  Found sorted(const Request& request, const QueryPlan& plan);
  Total count(const Xapian::Query& query, Xapian::doccount at_least);
  bool could_be_many(const Xapian::Query& query);
  bool has_yanked() const { return database.term_exists(term::k_all_yanked); }
};

Total Searcher::State::count(const Xapian::Query& query, Xapian::doccount at_least) {
  Xapian::Enquire enquire(database);
  enquire.set_weighting_scheme(Xapian::BoolWeight());
  enquire.set_query(query);
  return total_of(enquire.get_mset(0, 0, at_least));
}

bool Searcher::State::could_be_many(const Xapian::Query& query) {
  Xapian::Enquire enquire(database);
  enquire.set_weighting_scheme(Xapian::BoolWeight());
  enquire.set_query(query);
  return enquire.get_mset(0, 0).get_matches_upper_bound() > k_many;
}

Found Searcher::State::search(const Request& request) {
  const auto parsed = parse_query(request.text);
  const bool asked = request.text.find_first_not_of(" \t\r\n") != std::string::npos;
  if (asked && parsed.empty()) return {};  // nothing but signs
  const QueryPlan plan(database, parsed,
                       {request.category, request.keyword, request.author, request.license});
  auto found = request.sort == Sort::relevance ? by_relevance(request, plan) : sorted(request, plan);
  const bool is_name =
      !found.hits.empty() && found.hits.front().score >= k_is_the_name && !parsed.name.empty();
  if (!is_name && (!parsed.words.empty() || !parsed.conditions.empty())) {
    const auto exact = count(plan.matching(Need::all), k_few);
    if (exact.number < k_few)
      found.suggestion = respelt(database, request.text, [&](const std::string& text) {
        const QueryPlan other(database, parse_query(text),
                              {request.category, request.keyword, request.author, request.license});
        return count(other.matching(Need::all), k_few).number > exact.number;
      });
  }
  return found;
}

// Packages of which every version is yanked come after all others: a search of their own, where the page
// reaches beyond those.
Found Searcher::State::by_relevance(const Request& request, const QueryPlan& plan) {
  const auto moment = unix_milliseconds(now());
  const auto run = [&](const Xapian::Query& query, Xapian::doccount items) {
    Xapian::Enquire enquire(database);
    enquire.set_weighting_scheme(bm25());
    enquire.set_query(plan.ranked(query));
    return enquire.get_mset(0, items, std::max(k_check, items));
  };
  auto matching = plan.matching(plan.is_long() ? Need::most : Need::all);
  if (plan.can_be_relaxed()) {
    for (const auto need : {Need::two, Need::one}) {
      if (count(matching, k_few).number >= k_few) break;
      matching = plan.matching(need);
    }
  }
  const Xapian::Query yanked(term::k_all_yanked);
  const bool split = has_yanked();
  const auto wanted = static_cast<Xapian::doccount>(request.offset + request.limit);
  const auto all_live = split ? Xapian::Query(Xapian::Query::OP_AND_NOT, matching, yanked) : matching;
  const auto items_wanted = std::max(wanted, k_window);
  std::optional<Total> counted;
  Xapian::MSet live;
  if (could_be_many(all_live)) {
    counted = count(all_live, k_check);
    const auto best = plan.best_of(all_live, counted->number);
    if (wanted <= k_exact_total) live = run(best, items_wanted);
  }
  if (live.size() < wanted) live = run(all_live, items_wanted);
  auto items = rank(database, live, plan, moment);
  auto total = counted ? *counted : total_of(live);
  if (split) {
    const auto last =
        run(Xapian::Query(Xapian::Query::OP_FILTER, matching, yanked), std::max(wanted, k_window));
    const auto more = total_of(last);
    total = {total.number + more.number, total.exact && more.exact};
    if (items.size() < wanted)
      for (auto& item : rank(database, last, plan, moment)) {
        item.score = items.empty() ? item.score : std::min(item.score, items.back().score);
        items.push_back(std::move(item));
      }
  }
  Found found;
  found.total = total.number;
  found.total_is_estimate = !total.exact;
  for (std::size_t i = request.offset; i < items.size() && i < wanted; ++i)
    found.hits.push_back({std::move(items[i].name), items[i].score});
  return found;
}

Found Searcher::State::sorted(const Request& request, const QueryPlan& plan) {
  const auto matching = plan.matching(Need::all);
  const Xapian::Query yanked(term::k_all_yanked);
  const bool split = has_yanked();
  const auto live = split ? Xapian::Query(Xapian::Query::OP_AND_NOT, matching, yanked) : matching;
  auto total = count(live, k_check);
  const auto wanted = static_cast<Xapian::doccount>(request.offset + request.limit);
  auto names = first_sorted(database, live, request.sort, wanted, total.number);
  if (split) {
    const auto last = Xapian::Query(Xapian::Query::OP_FILTER, matching, yanked);
    const auto more = count(last, k_check);
    total = {total.number + more.number, total.exact && more.exact};
    if (names.size() < wanted)
      for (auto& name : first_sorted(database, last, request.sort, wanted, more.number))
        names.push_back(std::move(name));
  }
  Found found;
  found.total = total.number;
  found.total_is_estimate = !total.exact;
  for (std::size_t i = request.offset; i < names.size() && i < wanted; ++i)
    found.hits.push_back({std::move(names[i]), 1.0});
  return found;
}

// The clerk may have written on while this reads: then the reader looks again, a few times.
template <class Work>
decltype(auto) Searcher::with_index(Work&& work) {
  constexpr int k_tries = 4;
  for (int attempt = 1;; ++attempt) {
    try {
      state_->look();
      return work();
    } catch (const Xapian::DatabaseModifiedError& error) {
      if (attempt == k_tries) throw no_index(error.get_description());
    } catch (const Xapian::Error& error) {
      state_->path.reset();
      if (attempt == k_tries) {
        log::warning("the search index cannot be read", {{"because", error.get_description()}});
        throw no_index(error.get_description());
      }
    }
  }
}

Searcher::Searcher(Path directory) : state_(std::make_unique<State>(std::move(directory))) {}
Searcher::~Searcher() = default;

Found Searcher::search(const Request& request) {
  return with_index([&] { return state_->search(request); });
}

std::vector<std::string> Searcher::suggest(std::string_view beginning, std::uint64_t limit) {
  const auto whole = joined(beginning);
  if (whole.empty()) return {};
  return with_index([&] {
    auto& database = state_->database;
    auto query = names_beginning_with(database, whole);
    if (state_->has_yanked())
      query = Xapian::Query(Xapian::Query::OP_AND_NOT, query, Xapian::Query(term::k_all_yanked));
    const auto number = state_->count(query, k_check).number;
    return first_sorted(database, query, Sort::downloads, static_cast<Xapian::doccount>(limit), number);
  });
}

const std::vector<Label>& Searcher::categories() {
  return with_index(
      [&]() -> decltype(auto) { return state_->labels(state_->categories, term::category("")); });
}

const std::vector<Label>& Searcher::keywords() {
  return with_index([&]() -> decltype(auto) { return state_->labels(state_->keywords, term::keyword("")); });
}

std::uint64_t Searcher::packages_in(std::string_view category) {
  return with_index(
      [&] { return std::uint64_t{state_->database.get_termfreq(term::category(slug(category)))}; });
}

Searcher::Standing Searcher::standing() {
  return with_index([&] {
    const auto& database = state_->database;
    return Standing{parse_number(database.get_metadata("seq")).value_or(0), database.get_metadata("hash"),
                    database.get_termfreq(term::k_found)};
  });
}

std::vector<std::string> Searcher::names(std::string_view after, std::size_t limit) {
  return with_index([&] {
    std::vector<std::string> names;
    const auto& database = state_->database;
    const auto prefix = term::identity("");
    auto it = database.allterms_begin(prefix);
    it.skip_to(term::identity(after));
    for (; it != database.allterms_end(prefix) && names.size() < limit; ++it) {
      auto name = (*it).substr(prefix.size());
      if (name <= after) continue;
      const auto id = *database.postlist_begin(*it);
      if (!database.get_document(id).get_value(slot::k_name).empty()) names.push_back(std::move(name));
    }
    return names;
  });
}

}  // namespace wharf::search
