// SPDX-License-Identifier: MIT
#include "registry/importing/foreign_texts.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/value.hpp"

namespace wharf::importing {

namespace {

constexpr std::size_t k_seconds_end = 19;  // of YYYY-MM-DD hh:mm:ss

// `+hh`, `+hhmm` or `+hh:mm`.
std::optional<std::chrono::minutes> offset_of(std::string_view text) {
  std::string figures;
  for (const char c : text.substr(1))
    if (c != ':') figures += c;
  if (!std::ranges::all_of(figures, is_digit) || (figures.size() != 2 && figures.size() != 4))
    return std::nullopt;
  figures.resize(4, '0');
  const auto number =
      (figures[0] - '0') * 600 + (figures[1] - '0') * 60 + (figures[2] - '0') * 10 + figures[3] - '0';
  return std::chrono::minutes(text.front() == '-' ? -number : number);
}

std::optional<std::vector<std::string>> json_list(std::string_view text) {
  try {
    const auto document = json::parse(text);
    if (!document.root().is_array()) return std::nullopt;
    std::vector<std::string> all;
    bool texts = true;
    document.root().each([&](json::Value value) {
      if (const auto one = value.string()) all.emplace_back(*one);
      texts = texts && (value.is_string() || value.is_null());
    });
    if (!texts) return std::nullopt;
    return all;
  } catch (const Error&) {
    return std::nullopt;
  }
}

// One dimension, which is all that a list of texts has.
std::optional<std::vector<std::string>> postgres_list(std::string_view text) {
  std::vector<std::string> all;
  text.remove_prefix(1);
  if (text == "}") return all;
  for (;;) {
    std::string one;
    bool is_quoted = false;
    if (text.starts_with('"')) {
      is_quoted = true;
      text.remove_prefix(1);
      while (!text.empty() && text.front() != '"') {
        if (text.front() == '\\') text.remove_prefix(1);
        if (text.empty()) return std::nullopt;
        one += text.front();
        text.remove_prefix(1);
      }
      if (text.empty()) return std::nullopt;
      text.remove_prefix(1);
    } else {
      const auto end = text.find_first_of(",}\"{\\");
      one = text.substr(0, end);
      if (end == text.npos || one.empty()) return std::nullopt;
      text.remove_prefix(end);
    }
    if (is_quoted || one != "NULL") all.push_back(std::move(one));
    if (text == "}") return all;
    if (!text.starts_with(',')) return std::nullopt;
    text.remove_prefix(1);
  }
}

}  // namespace

std::optional<Time> moment_of(std::string_view text) {
  if (text.size() < k_seconds_end || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  std::string plain(text.substr(0, k_seconds_end));
  plain[10] = 'T';
  auto rest = text.substr(k_seconds_end);
  if (rest.starts_with('.')) {
    const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    plain += rest.substr(0, end);
    rest.remove_prefix(end);
  }
  const auto moment = from_rfc3339(plain + "Z");
  if (!moment || rest.empty() || rest == "Z") return moment;
  if (rest.front() != '+' && rest.front() != '-') return std::nullopt;
  const auto offset = offset_of(rest);
  if (!offset) return std::nullopt;
  return *moment - *offset;
}

std::optional<std::vector<std::string>> list_of(std::string_view text) {
  if (text.starts_with('[')) return json_list(text);
  if (text.starts_with('{')) return postgres_list(text);
  return std::nullopt;
}

bool truth_of(std::string_view text) {
  return text == "t" || text == "true" || text == "1" || text == "TRUE";
}

}  // namespace wharf::importing
