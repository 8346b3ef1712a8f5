// SPDX-License-Identifier: MIT
#include "registry/search/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "registry/search/words.hpp"

namespace wharf::search {

namespace {

// A package that nobody has touched for ever counts for this much of a new one.
constexpr double k_oldest = 0.8;
constexpr double k_fading_days = 2.0 * 365;
constexpr std::size_t k_looked_at_for_neighbours = 60;
// What all words next to each other, in the order of the query, add to the merit.
constexpr double k_neighbours = 0.5;
// A name with the query in it gains up to so much, the less else there is in it.
constexpr double k_closeness = 0.5;
// What the beginning of a name weighs, where nothing else of the package fits, of what the words could.
constexpr double k_least_of_a_beginning = 0.5;
constexpr std::int64_t k_day = 24 * 3600 * 1000;

double recency(double age_days) {
  return k_oldest + (1 - k_oldest) * std::exp(-std::max(0.0, age_days) / k_fading_days);
}

double score_of(const Ranked& item, double strength) {
  const double share = item.merit / (item.merit + strength);
  const double score = item.tier == 1 ? k_is_the_name + (1 - k_is_the_name) * share : k_is_the_name * share;
  return std::round(score * 1e4) / 1e4;
}

bool is_better(const Ranked& a, const Ranked& b) {
  return std::tie(b.tier, b.merit, a.name) < std::tie(a.tier, a.merit, b.name);
}

// Where `second` stands right behind `first`.
bool are_neighbours(const Xapian::Database& database, Xapian::docid id, const std::string& first,
                    const std::string& second) {
  auto behind = database.positionlist_begin(id, second);
  const auto end = database.positionlist_end(id, second);
  if (behind == end) return false;
  const auto last = database.positionlist_end(id, first);
  for (auto at = database.positionlist_begin(id, first); at != last; ++at) {
    behind.skip_to(*at + 1);
    if (behind == end) return false;
    if (*behind == *at + 1) return true;
  }
  return false;
}

// Words that were asked for next to each other, and stand so, mean more. Looked at for the best alone.
void prefer_neighbours(const Xapian::Database& database, const std::vector<std::string>& words,
                       std::vector<Ranked>& items) {
  if (words.size() < 2) return;
  const auto looked_at = std::min(items.size(), k_looked_at_for_neighbours);
  for (std::size_t i = 0; i < looked_at; ++i) {
    double pairs = 0;
    for (std::size_t word = 0; word + 1 < words.size(); ++word)
      if (are_neighbours(database, items[i].id, words[word], words[word + 1])) ++pairs;
    items[i].merit *= 1 + k_neighbours * pairs / static_cast<double>(words.size() - 1);
  }
  std::sort(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(looked_at), is_better);
}

}  // namespace

std::vector<Ranked> rank(const Xapian::Database& database, const Xapian::MSet& found, const QueryPlan& plan,
                         std::int64_t now_milliseconds) {
  std::vector<Ranked> items;
  items.reserve(found.size());
  for (auto it = found.begin(); it != found.end(); ++it) {
    const auto document = it.get_document();
    Ranked item;
    item.id = *it;
    item.name = document.get_value(slot::k_name);
    const auto downloads = number_of_value(document.get_value(slot::k_downloads));
    // In whole days, so that what changed on one day stays in one order.
    const auto age = now_milliseconds / k_day - number_of_value(document.get_value(slot::k_updated)) / k_day;
    double text = it.get_weight() - plan.weight_of_band(download_band_of(downloads));
    double least = 0.1, bonus = 1;
    if (!plan.name().empty()) {
      const auto whole = joined(item.name);
      if (whole == plan.name()) {
        item.tier = 1;
        text -= plan.weight_of_whole_name();
      }
      if (whole.starts_with(plan.name()) && plan.weight_of_beginning() > 0) {
        text -= plan.weight_of_beginning();
        least = k_least_of_a_beginning;
        bonus += k_beginning;
      }
      if (whole.find(plan.name()) != whole.npos)
        bonus += k_closeness * static_cast<double>(plan.name().size()) / static_cast<double>(whole.size());
    }
    // What matched by its name alone, or by a field, has little weight of its own, or none.
    text = std::max(text, least * plan.strength());
    item.merit =
        bonus * text * popularity(static_cast<double>(downloads)) * recency(static_cast<double>(age));
    items.push_back(std::move(item));
  }
  const auto window = std::min<std::size_t>(items.size(), k_window);
  std::sort(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(window), is_better);
  prefer_neighbours(database, plan.plain_words(), items);
  double least = 1;
  for (auto& item : items) {
    least = std::min(least, score_of(item, plan.strength()));
    item.score = least;
  }
  return items;
}

}  // namespace wharf::search
