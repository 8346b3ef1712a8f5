// SPDX-License-Identifier: MIT
#include "libwharf/crypto/common_passwords.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/common_words.hpp"

namespace wharf {
namespace {

bool is_digit_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}
bool is_sign(char c) {
  return c > ' ' && c < 0x7f && !is_alphanumeric(c);
}

const std::unordered_set<std::string_view>& words() {
  static const auto set = [] {
    std::unordered_set<std::string_view> made;
    for (const auto word : split(k_common_words, ' '))
      if (!word.empty()) made.insert(word);
    return made;
  }();
  return set;
}

// The text with look-alikes turned back into letters; '1' and '!' may stand for two of them.
std::string without_look_alikes(std::string text, char for_one) {
  for (char& c : text) {
    switch (c) {
      case '0':
        c = 'o';
        break;
      case '1':
      case '!':
      case '|':
        c = for_one;
        break;
      case '3':
        c = 'e';
        break;
      case '4':
      case '@':
        c = 'a';
        break;
      case '5':
      case '$':
        c = 's';
        break;
      case '7':
      case '+':
        c = 't';
        break;
      case '8':
        c = 'b';
        break;
      default:
        break;
    }
  }
  return text;
}

bool is_word(std::string_view text) {
  if (words().contains(text)) return true;
  const std::string copy(text);
  return words().contains(without_look_alikes(copy, 'i')) || words().contains(without_look_alikes(copy, 'l'));
}

// Along these lines, in either direction, fingers and counting children go.
const std::vector<std::string>& lines() {
  static const auto both_ways = [] {
    std::vector<std::string> made = {"abcdefghijklmnopqrstuvwxyz",
                                     "01234567890",
                                     "qwertyuiop[]",
                                     "qwertzuiop",
                                     "azertyuiop",
                                     "asdfghjkl;'",
                                     "zxcvbnm,./",
                                     "!@#$%^&*()_+",
                                     "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.",
                                     "1qay2wsx3edc",
                                     "qazwsxedcrfvtgbyhnujmikolp",
                                     "q1w2e3r4t5y6u7i8o9p0",
                                     "1q2w3e4r5t6y7u8i9o0p",
                                     "qaywsxedc",
                                     "a1b2c3d4e5f6g7h8",
                                     "1a2b3c4d5e6f7g8h",
                                     "a1s2d3f4g5h6j7k8l9",
                                     "z1x2c3v4b5n6m7",
                                     "0011223344556677889900",
                                     "741852963",
                                     "147258369",
                                     "789456123",
                                     "159357",
                                     "159753",
                                     "10203040506070",
                                     "24681012",
                                     "13579",
                                     "aabbccddeeff",
                                     "qqwweerrttyy",
                                     "aassddffgg"};
    const std::size_t count = made.size();
    for (std::size_t i = 0; i < count; ++i) made.emplace_back(made[i].rbegin(), made[i].rend());
    return made;
  }();
  return both_ways;
}

// How many signs from the start of `text` follow one of the lines or are one sign repeated.
std::size_t run_length(std::string_view text) {
  std::size_t longest = std::min(text.find_first_not_of(text.front()), text.size());
  for (const auto& line : lines()) {
    for (std::size_t at = line.find(text.front()); at != line.npos; at = line.find(text.front(), at + 1)) {
      const auto end =
          std::mismatch(text.begin(), text.end(), line.begin() + static_cast<std::ptrdiff_t>(at), line.end())
              .first;
      longest = std::max(longest, static_cast<std::size_t>(end - text.begin()));
    }
  }
  return longest;
}

// Runs of at least three signs one after the other, and nothing else. The longest run is not always the right
// one: every place that some sequence of runs ends at is gone on from.
bool is_runs(std::string_view text) {
  std::vector<bool> reached(text.size() + 1);
  reached[0] = true;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (reached[at])
      for (std::size_t length = run_length(text.substr(at)); length >= 3; --length)
        reached[at + length] = true;
  return reached[text.size()];
}

bool is_repetition(std::string_view text) {
  for (std::size_t unit = 1; unit <= text.size() / 2; ++unit) {
    if (text.size() % unit != 0 || text.substr(unit) != text.substr(0, text.size() - unit)) continue;
    return unit <= 4 || is_word(text.substr(0, unit));
  }
  return false;
}

// What people add to a word so that a form lets them pass.
bool is_addition(std::string_view text) {
  for (int i = 0; i < 3 && !text.empty() && is_sign(text.front()); ++i) text.remove_prefix(1);
  for (int i = 0; i < 3 && !text.empty() && is_sign(text.back()); ++i) text.remove_suffix(1);
  return is_digit_text(text) && (text.size() <= 4 || is_runs(text) || is_repetition(text));
}

bool is_word_with_additions(std::string_view text) {
  // Enough for every addition that is worth the name, and few enough to try all.
  constexpr std::size_t most_around = 16;
  for (std::size_t before = 0; before <= std::min(most_around, text.size()); ++before) {
    if (!is_addition(text.substr(0, before))) continue;
    const std::string_view rest = text.substr(before);
    for (std::size_t after = 0; after <= std::min(most_around, rest.size()); ++after) {
      const std::string_view word = rest.substr(0, rest.size() - after);
      if (is_addition(rest.substr(rest.size() - after)) &&
          (is_word(word) || (word.size() >= 4 && is_runs(word))))
        return true;
    }
  }
  return false;
}

bool is_date(std::string_view text) {
  if (text.size() != 8 || !is_digit_text(text)) return false;
  const auto number = [&](std::size_t at, std::size_t size) {
    return std::stoi(std::string(text.substr(at, size)));
  };
  const auto fits = [](auto year, auto month, auto day) {
    return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  };
  return fits(number(4, 4), number(2, 2), number(0, 2)) || fits(number(4, 4), number(0, 2), number(2, 2)) ||
         fits(number(0, 4), number(4, 2), number(6, 2));
}

}  // namespace

bool is_common_password(std::string_view password) {
  const std::string text = fold(password);
  if (text.empty()) return true;
  return is_word_with_additions(text) || is_runs(text) || is_repetition(text) || is_date(text);
}

}  // namespace wharf
