// SPDX-License-Identifier: MIT
#include "libwharf/package/name.hpp"

#include <algorithm>
#include <array>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

// Words that stand where a name would in the interface's paths.
constexpr std::array<std::string_view, 5> k_route_words = {"publish", "trending", "recent", "popular",
                                                           "categories"};

bool is_separator(char c) {
  return c == '.' || c == '_' || c == '-';
}
bool is_name_letter(char c) {
  return is_lower(c) || is_digit(c);
}

// The second half of a sentence that begins with the name, or nothing.
std::string problem_with(std::string_view name) {
  if (name.empty()) return " is empty; write one of 'a-z', '0-9', '.', '_', '-'";
  if (name.size() > k_name_bytes) return " is longer than " + std::to_string(k_name_bytes) + " characters";
  const auto odd =
      std::find_if_not(name.begin(), name.end(), [](char c) { return is_name_letter(c) || is_separator(c); });
  if (odd != name.end()) {
    if (is_alphanumeric(*odd)) {
      const std::string folded = fold(name);
      const auto other = problem_with(folded);
      return other.empty() ? " has capital letters; write " + quoted(folded) : other;
    }
    return " has " + quoted(std::string_view(odd, 1)) +
           "; only 'a-z', '0-9', '.', '_' and '-' may stand in a name";
  }
  if (!is_name_letter(name.front())) return " must begin with a letter or a digit";
  if (!is_name_letter(name.back())) return " must end with a letter or a digit";
  const auto pair = std::adjacent_find(name.begin(), name.end(),
                                       [](char a, char b) { return is_separator(a) && is_separator(b); });
  if (pair != name.end())
    return " has two separators in a row, " + quoted(std::string_view(pair, 2)) + "; write one";
  return {};
}

}  // namespace

void require_package_name(std::string_view name) {
  if (const auto problem = problem_with(name); !problem.empty())
    throw Error(Code::name_invalid, "package name " + quoted(name) + problem);
}

bool is_package_name(std::string_view name) {
  return problem_with(name).empty();
}

std::string confusion_key(std::string_view name) {
  std::string key;
  for (const char c : fold(name)) {
    if (is_separator(c)) continue;
    key += c == '0' ? 'o' : c == '1' || c == 'l' ? 'i' : c;
  }
  return key;
}

bool is_always_reserved(std::string_view name) {
  return std::any_of(k_route_words.begin(), k_route_words.end(),
                     [&](auto word) { return equal_folded(word, name); }) ||
         is_windows_device_name(name);
}

bool is_windows_device_name(std::string_view name) {
  // Windows cuts at the first dot, then drops spaces before it: 'nul .txt' is NUL.
  std::string_view stem = name.substr(0, name.find('.'));
  while (stem.ends_with(' ')) stem.remove_suffix(1);
  const std::string folded = fold(stem);
  for (const std::string_view device : {"con", "prn", "aux", "nul", "conin$", "conout$"})
    if (folded == device) return true;
  if (!folded.starts_with("com") && !folded.starts_with("lpt")) return false;
  const std::string_view number = std::string_view(folded).substr(3);
  // Superscript one, two and three count as digits there.
  return (number.size() == 1 && number[0] >= '1' && number[0] <= '9') || number == "\xc2\xb9" ||
         number == "\xc2\xb2" || number == "\xc2\xb3";
}

}  // namespace wharf
