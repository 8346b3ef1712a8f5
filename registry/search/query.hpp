// SPDX-License-Identifier: MIT
// The language of queries:
//
//   json parser          both words, in any form that has their stem
//   "json parser"        these words, next to each other
//   json OR yaml         either; AND, OR and NOT are written in capitals, parentheses group
//   -xml   NOT xml       not that
//   pars*                words that begin so (two characters at least)
//   author:ada           fields: author, category, keyword, license, name; author:"ada lovelace"
//
// Whatever is not of this form (a quote or parenthesis that has no partner, an operator without its operands,
// more than k_deepest groups) is read as the plain words that are in it. No text is refused, and what goes
// beyond the limits is left out: the first k_longest_query bytes and k_most_words words count.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wharf::search {

inline constexpr std::size_t k_longest_query = 512;
inline constexpr std::size_t k_most_words = 24;
inline constexpr int k_deepest = 8;
inline constexpr std::size_t k_most_wildcards = 3;

enum class Field { none, author, category, keyword, license, name };

struct Node {
  enum class Kind { word, beginning, phrase, all, any, none_of };
  Kind kind = Kind::all;
  Field field = Field::none;       // of word, beginning and phrase
  std::string text;                // word and beginning: one word; of a field: what was asked for, as it came
  std::vector<std::string> words;  // phrase
  std::vector<Node> parts;         // all, any; none_of: what must not match, any of them
};

struct ParsedQuery {
  // The words that must all match and have nothing special about them, in order. Where too few packages have
  // them all, some of them may do.
  std::vector<std::string> words;
  // What must be fulfilled beside that: kind `all`; words among its parts stem from OR and parentheses.
  std::vector<Node> conditions;
  // What must not be: any of these.
  std::vector<Node> excluded;
  // There is an AND: then all words are wanted, and no fewer will do.
  bool demands_all = false;
  // The query where it may be a package's name: letters and digits alone; empty where it cannot be one.
  std::string name;
  bool empty() const { return words.empty() && conditions.empty() && excluded.empty(); }
};

ParsedQuery parse_query(std::string_view text);

}  // namespace wharf::search
