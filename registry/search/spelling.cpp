// SPDX-License-Identifier: MIT
#include "registry/search/spelling.hpp"

#include "libwharf/base/text.hpp"
#include "registry/search/query.hpp"

namespace wharf::search {

namespace {

// A word that stands in packages is a mistake only where the other one stands in so many times more.
constexpr Xapian::doccount k_times_more = 100;
constexpr std::size_t k_shortest = 4, k_longest = 24;
constexpr int k_most_words_looked_at = 4;

}  // namespace

std::optional<std::string> respelt(const Xapian::Database& database, const std::string& query,
                                   const std::function<bool(const std::string&)>& finds_more) {
  std::string text;
  bool changed = false;
  int looked_at = 0;
  const auto bounded = std::string_view(query).substr(0, k_longest_query);
  for (std::size_t at = 0; at < bounded.size();) {
    std::size_t end = at;
    while (end < bounded.size() &&
           (is_alphanumeric(bounded[end]) || (bounded[end] >= 'A' && bounded[end] <= 'Z')))
      ++end;
    if (end == at) {
      text += bounded[at++];
      continue;
    }
    const auto as_it_came = bounded.substr(at, end - at);
    const auto word = fold(as_it_came);
    // Not what belongs to a longer run in another script, and neither a field's name nor its value.
    const bool whole =
        (at == 0 || (static_cast<signed char>(bounded[at - 1]) > 0 && bounded[at - 1] != ':')) &&
        (end == bounded.size() || (static_cast<signed char>(bounded[end]) > 0 && bounded[end] != ':'));
    at = end;
    std::string other;
    if (whole && word.size() >= k_shortest && word.size() <= k_longest && is_lower(word.front()) &&
        ++looked_at <= k_most_words_looked_at)
      other = database.get_spelling_suggestion(word, 2);
    const auto stands_in = database.get_termfreq(word);
    if (!other.empty() && database.get_termfreq(other) > stands_in * k_times_more) {
      text += other;
      changed = true;
    } else {
      text += as_it_came;
    }
  }
  if (!changed || !finds_more(text)) return std::nullopt;
  return text;
}

}  // namespace wharf::search
