// SPDX-License-Identifier: MIT
// What text becomes in the search index, and queries in front of it: the one place that decides what a word
// is, so that both sides always agree.
//
// A word is a run of letters, digits and marks of any script, in small letters, without apostrophes (`don't`
// is `dont`), with up to two `+` or one `#` behind it (`c++`, `f#`). Scripts that are written without spaces
// are cut into pairs of characters. Invalid UTF-8 is read as Latin-1, never refused. Words longer than
// k_longest_word bytes are cut.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace wharf::search {

inline constexpr std::size_t k_longest_word = 64;

// In order; `visit` says false to end.
void each_word(std::string_view text, const std::function<bool(const std::string& word)>& visit);
std::vector<std::string> words_of(std::string_view text, std::size_t at_most = 10'000);

// A package name's words: `python3-yaml` has the parts python3 and yaml; python, 3, python3yaml and `xml` of
// `libxml2` are what it may be looked for as well.
struct NameWords {
  std::vector<std::string> parts;  // in order, as they stand between separators
  std::vector<std::string> also;   // others, each once, none of them a part
};
NameWords name_words(std::string_view name);

// The name, or what might be one, without anything but letters and digits, in small letters: `json-parser`,
// `json parser` and `jsonparser` are the same.
std::string joined(std::string_view name);

// Categories and keywords as they are compared and shown: words joined by `-`, in small letters.
std::string slug(std::string_view label);

// The licenses that a license text speaks of, each with the families it belongs to: `Apache-2.0 OR MIT` is
// apache, apache-2.0 and mit.
std::vector<std::string> license_words(std::string_view license);

// The English stem of a word.
std::string stem(const std::string& word);

// Stems of the word for who does it, or of what such a one does, that may be among others: `pars` for
// `parser`, `scanner` for `scan`. Not each of them is a word.
std::vector<std::string> other_stems(const std::string& word);

// Words that say so little that a query is better off without them, as long as others are left.
bool is_filler(std::string_view word);

}  // namespace wharf::search
