// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

#include "libwharf/base/text.hpp"
#include "tests/unit/resolver/prose_reader.hpp"

namespace wharf::test {

// What is left to read of a clause.
struct ProseReader::Cursor {
  std::string_view text;

  bool eat(std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
  }
  bool at_versions() const {
    return !text.empty() && (is_digit(text[0]) || text.starts_with("up to ") || text.starts_with("from "));
  }
  std::string until(std::string_view ends) {
    const auto end = std::min(text.find_first_of(ends), text.size());
    std::string word(text.substr(0, end));
    text.remove_prefix(end);
    if (word.empty()) fail("a word is missing");
    return word;
  }
  std::string name() { return until(" ,()"); }
  std::string version() { return until(" ,()"); }
  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error(why + " before '" + std::string(text) + "'");
  }
};

}  // namespace wharf::test
