// SPDX-License-Identifier: MIT
#include "registry/search/package_terms.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "libwharf/base/text.hpp"
#include "registry/search/words.hpp"

namespace wharf::search {

namespace {

constexpr std::size_t k_shortest_spelling = 4, k_longest_spelling = 24;
// Between texts, so that no phrase reaches from one into the next.
constexpr Xapian::termpos k_gap = 16;

class Terms {
 public:
  explicit Terms(Xapian::Document& document) : document_(document) {}

  // Running text: each word counts once, however often it stands there, so that repeating it gains nothing.
  void add_text(std::string_view text, unsigned weight) {
    each_word(text, [&](const std::string& word) {
      add_word(word, weight);
      return true;
    });
    end_text();
  }
  void add_word(const std::string& word, unsigned weight) {
    document_.add_posting(word, ++position_, 0);
    add_loose(word, weight);
  }
  // Beside the text: no phrase has it.
  void add_loose(const std::string& word, unsigned weight) {
    raise(word, weight);
    raise(term::stemmed(stem(word)), weight);
  }
  void end_text() { position_ += k_gap; }

 private:
  // A word counts what the best of its places does: saying one thing in all of them gains nothing either.
  void raise(const std::string& term, unsigned weight) {
    auto& known = weights_[term];
    if (weight > known) document_.add_term(term, weight - known);
    known = std::max(known, weight);
  }

  Xapian::Document& document_;
  Xapian::termpos position_ = 0;
  std::map<std::string, unsigned> weights_;
};

void add_name(Xapian::Document& document, Terms& terms, const std::string& name) {
  const auto words = name_words(name);
  for (const auto& word : words.parts) {
    terms.add_word(word, term::k_in_name);
    document.add_boolean_term(term::name_word(word));
  }
  terms.end_text();
  for (const auto& word : words.also) {
    terms.add_loose(word, term::k_beside_name);
    document.add_boolean_term(term::name_word(word));
  }
  const auto whole = joined(name);
  document.add_boolean_term(term::whole_name(whole));
  for (std::size_t length = 1; length <= std::min(whole.size(), term::k_longest_beginning); ++length)
    document.add_boolean_term(term::beginning(whole.substr(0, length)));
}

}  // namespace

Xapian::Document document_of(const PackageState& state, const PackageTexts& texts) {
  Xapian::Document document;
  document.set_data(state.text());
  document.add_boolean_term(term::identity(texts.name));
  if (state.hidden()) return document;
  document.add_boolean_term(term::k_found);
  if (state.all_yanked()) document.add_boolean_term(term::k_all_yanked);
  document.add_boolean_term(term::time_band(time_band_of(texts.updated_at / 1000)));
  document.add_value(slot::k_updated, number_value(texts.updated_at));
  document.add_value(slot::k_name, texts.name);
  set_downloads(document, texts.downloads);

  Terms terms(document);
  add_name(document, terms, texts.name);
  const auto& metadata = texts.metadata;
  if (metadata.description) terms.add_text(*metadata.description, term::k_in_description);
  for (const auto& keyword : metadata.keywords) {
    terms.add_text(keyword, term::k_in_keywords);
    if (const auto label = slug(keyword); !label.empty()) document.add_boolean_term(term::keyword(label));
  }
  for (const auto& category : metadata.categories) {
    terms.add_text(category, term::k_in_description);
    if (const auto label = slug(category); !label.empty()) document.add_boolean_term(term::category(label));
  }
  std::set<std::string> people;
  for (const auto* names : {&metadata.authors, &texts.owners})
    for (const auto& name : *names)
      for (const auto& word : words_of(name, 16)) people.insert(word);
  for (const auto& word : people) {
    document.add_boolean_term(term::author(word));
    terms.add_loose(word, term::k_in_readme);
  }
  if (metadata.license)
    for (const auto& word : license_words(*metadata.license)) document.add_boolean_term(term::license(word));
  terms.add_text(std::string_view(texts.readme).substr(0, k_longest_readme), term::k_in_readme);
  return document;
}

void set_downloads(Xapian::Document& document, std::int64_t downloads) {
  const auto value = document.get_value(slot::k_downloads);
  const auto band = term::download_band(download_band_of(downloads));
  if (!value.empty()) {
    const auto before = term::download_band(download_band_of(number_of_value(value)));
    if (before != band) {
      document.remove_term(before);
      document.add_boolean_term(band);
    }
  } else {
    document.add_boolean_term(band);
  }
  document.add_value(slot::k_downloads, number_value(downloads));
}

std::vector<std::string> spellings_of(const Xapian::Document& document) {
  std::vector<std::string> words;
  for (auto it = document.termlist_begin(); it != document.termlist_end(); ++it) {
    const std::string word = *it;
    if (word.empty() || word.size() < k_shortest_spelling || word.size() > k_longest_spelling) continue;
    if (!is_lower(word.front()) || it.get_wdf() < term::k_beside_name) continue;
    words.push_back(word);
  }
  return words;
}

}  // namespace wharf::search
