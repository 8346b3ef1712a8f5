// SPDX-License-Identifier: MIT
#include "libwharf/command/layout.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace wharf::command {

std::size_t width_of(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  constexpr std::string_view k_blank = " \n";
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t begin = text.find_first_not_of(k_blank); begin != text.npos;) {
    const auto end = std::min(text.find_first_of(k_blank, begin), text.size());
    const auto word = text.substr(begin, end - begin);
    if (!line.empty() && width_of(line) + 1 + width_of(word) > width) {
      lines.push_back(line);
      line.clear();
    }
    line.append(line.empty() ? "" : " ").append(word);
    begin = text.find_first_not_of(k_blank, end);
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

std::vector<std::string_view> paragraphs(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const auto end = std::min(text.find("\n\n"), text.size());
    if (end > 0) found.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return found;
}

std::string size_text(std::uint64_t bytes) {
  constexpr const char* k_units[] = {"kB", "MB", "GB", "TB"};
  if (bytes < 1000) return std::to_string(bytes) + " B";
  double amount = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; amount >= 999.95 && unit + 1 < std::size(k_units); ++unit) amount /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", amount, k_units[unit]);
  return text;
}

std::string plain(std::string_view text) {
  std::string result(text);
  std::erase(result, '`');
  return result;
}

}  // namespace wharf::command
