// SPDX-License-Identifier: MIT
#include "registry/search/words.hpp"

#include <xapian.h>

#include <algorithm>
#include <array>

#include "libwharf/base/text.hpp"

namespace wharf::search {

namespace {

bool is_word_character(unsigned ch) {
  return ch != '_' && Xapian::Unicode::is_wordchar(ch);
}

// Han, kana and hangul: no spaces between words.
bool is_unspaced(unsigned ch) {
  return (ch >= 0x2e80 && ch <= 0x9fff) || (ch >= 0xac00 && ch <= 0xd7af) || (ch >= 0xf900 && ch <= 0xfaff) ||
         (ch >= 0x20000 && ch <= 0x2ffff);
}

void cut(std::string& word) {
  if (word.size() <= k_longest_word) return;
  std::size_t end = k_longest_word;
  while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xc0) == 0x80) --end;
  word.resize(end);
}

void add_once(std::vector<std::string>& list, std::string word) {
  if (!word.empty() && std::ranges::find(list, word) == list.end()) list.push_back(std::move(word));
}

}  // namespace

void each_word(std::string_view text, const std::function<bool(const std::string& word)>& visit) {
  std::string word;
  Xapian::Utf8Iterator at(text.data(), text.size()), end;
  while (at != end) {
    const unsigned first = Xapian::Unicode::tolower(*at);
    if (!is_word_character(first)) {
      ++at;
      continue;
    }
    word.clear();
    if (is_unspaced(first)) {
      Xapian::Unicode::append_utf8(word, first);
      bool alone = true;
      for (++at; at != end && is_unspaced(*at) && is_word_character(*at); ++at) {
        alone = false;
        std::string next;
        Xapian::Unicode::append_utf8(next, *at);
        if (!visit(word + next)) return;
        word = std::move(next);
      }
      if (alone && !visit(word)) return;
      continue;
    }
    for (; at != end; ++at) {
      unsigned ch = Xapian::Unicode::tolower(*at);
      if (ch == '\'' || ch == 0x2019) {
        auto next = at;
        if (++next == end || !is_word_character(*next)) break;
        continue;
      }
      if (!is_word_character(ch) || is_unspaced(ch)) break;
      if (word.size() < 2 * k_longest_word) Xapian::Unicode::append_utf8(word, ch);
    }
    auto behind = at;
    std::string marks;
    while (behind != end && marks.size() < 2 && (*behind == '+' || (*behind == '#' && marks.empty()))) {
      marks += static_cast<char>(*behind);
      ++behind;
      if (marks == "#") break;
    }
    if (!marks.empty() &&
        (behind == end || (!is_word_character(*behind) && *behind != '+' && *behind != '#'))) {
      word += marks;
      at = behind;
    }
    cut(word);
    if (!visit(word)) return;
  }
}

std::vector<std::string> words_of(std::string_view text, std::size_t at_most) {
  std::vector<std::string> words;
  if (at_most > 0)
    each_word(text, [&](const std::string& word) {
      words.push_back(word);
      return words.size() < at_most;
    });
  return words;
}

NameWords name_words(std::string_view name) {
  NameWords words;
  std::string part;
  for (const char c : fold(name) + "-") {
    if (is_alphanumeric(c)) {
      part += c;
    } else if (!part.empty()) {
      words.parts.push_back(std::move(part));
      part.clear();
    }
  }
  std::vector<std::string> also;
  const auto without_digits = [](std::string word) {
    while (!word.empty() && is_digit(word.back())) word.pop_back();
    return word;
  };
  for (const auto& one : words.parts) {
    std::string run;
    std::vector<std::string> runs;
    for (const char c : one) {
      if (!run.empty() && is_digit(run.back()) != is_digit(c)) runs.push_back(std::exchange(run, {}));
      run += c;
    }
    runs.push_back(run);
    if (runs.size() > 1)
      for (auto& each : runs) add_once(also, std::move(each));
    if (one.starts_with("lib") && one.size() >= 6) {
      add_once(also, one.substr(3));
      if (auto core = without_digits(one.substr(3)); core.size() >= 3) add_once(also, std::move(core));
    }
  }
  for (std::size_t i = 0; i + 1 < words.parts.size(); ++i)
    add_once(also, words.parts[i] + words.parts[i + 1]);
  if (words.parts.size() > 2) add_once(also, joined(name));
  std::erase_if(also, [&](const std::string& word) {
    return std::ranges::find(words.parts, word) != words.parts.end();
  });
  words.also = std::move(also);
  return words;
}

std::string joined(std::string_view name) {
  std::string text;
  for (const char c : fold(name))
    if (is_alphanumeric(c)) text += c;
  cut(text);
  return text;
}

std::string slug(std::string_view label) {
  std::string text;
  for (const auto& word : words_of(label, 16)) {
    if (text.size() + word.size() > 2 * k_longest_word) break;
    text += (text.empty() ? "" : "-") + word;
  }
  return text;
}

std::vector<std::string> license_words(std::string_view license) {
  std::vector<std::string> words;
  std::string one;
  const auto take = [&] {
    if (one.size() > k_longest_word) one.resize(k_longest_word);
    if (one != "or" && one != "and" && one != "with" && !one.empty()) {
      for (auto dash = one.find('-', 1); dash != one.npos; dash = one.find('-', dash + 1))
        add_once(words, one.substr(0, dash));
      add_once(words, one);
    }
    one.clear();
  };
  for (const char c : fold(license)) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '+') {
      one += c;
    } else {
      take();
    }
  }
  take();
  return words;
}

std::string stem(const std::string& word) {
  static thread_local const Xapian::Stem stemmer("english");
  return stemmer(word);
}

std::vector<std::string> other_stems(const std::string& word) {
  const auto known = stem(word);
  const auto is_doubled = [](const std::string& text) {
    return text.size() > 3 && text[text.size() - 1] == text[text.size() - 2] &&
           std::string_view("bdgmnprt").find(text.back()) != std::string_view::npos;
  };
  std::vector<std::string> stems;
  if (!std::ranges::all_of(known, is_lower) || known.size() < 3) return stems;
  if (known.size() >= 6 && (known.ends_with("er") || known.ends_with("or"))) {
    auto verb = known.substr(0, known.size() - 2);
    if (is_doubled(verb)) verb.pop_back();
    add_once(stems, stem(verb));
    add_once(stems, stem(verb + "e"));
  } else if (known.size() >= 4) {
    add_once(stems, known + "er");
    add_once(stems, known + "or");
    if (std::string_view("bdgmnprt").find(known.back()) != std::string_view::npos)
      add_once(stems, known + known.back() + "er");
  }
  std::erase(stems, known);
  return stems;
}

bool is_filler(std::string_view word) {
  static constexpr auto k_fillers = std::to_array<std::string_view>(
      {"a",    "about", "all",  "an",    "and",   "any",  "are",  "as",   "at",      "be",    "by",   "can",
       "do",   "for",   "from", "get",   "has",   "have", "how",  "i",    "if",      "in",    "into", "is",
       "it",   "its",   "like", "me",    "my",    "need", "of",   "on",   "or",      "our",   "s",    "so",
       "some", "that",  "the",  "them",  "then",  "this", "to",   "up",   "use",     "using", "via",  "want",
       "way",  "what",  "when", "where", "which", "who",  "will", "with", "without", "you",   "your"});
  return std::ranges::find(k_fillers, word) != k_fillers.end();
}

}  // namespace wharf::search
