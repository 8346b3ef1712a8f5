// SPDX-License-Identifier: MIT
#include "registry/config/ini.hpp"

#include <map>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

bool is_word(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text)
    if (!is_lower(c) && !is_digit(c) && c != '_') return false;
  return true;
}

std::string_view unquote(std::string_view value) {
  const bool is_quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return is_quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

std::vector<IniEntry> parse_ini(std::string_view text, std::string_view file) {
  std::vector<IniEntry> entries;
  std::map<std::string, int, std::less<>> seen;
  std::string section;
  int number = 0;
  const auto fail = [&](const std::string& what) {
    return Error(Code::bad_request, std::string(file) + ":" + std::to_string(number) + ": " + what);
  };
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    line = trim(line);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (!is_utf8(line) || has_control_characters(line))
      throw fail("the line " + quoted(line) + " is not plain text in UTF-8");
    if (line.front() == '[') {
      if (line.back() != ']' || !is_word(line.substr(1, line.size() - 2)))
        throw fail(quoted(line) + " is not a section; write '[site]'");
      section = line.substr(1, line.size() - 2);
      continue;
    }
    const auto equals = line.find('=');
    if (equals == line.npos) throw fail(quoted(line) + " has no '='; write 'key = value'");
    const auto key = trim(line.substr(0, equals));
    if (!is_word(key)) throw fail(quoted(key) + " is not a key; keys are small letters, digits and '_'");
    if (section.empty())
      throw fail("the key " + quoted(key) + " stands before any section; write '[site]' above it");
    const std::string full = section + "." + std::string(key);
    if (const auto [first, is_new] = seen.emplace(full, number); !is_new)
      throw fail("the key " + quoted(full) + " is given twice; the first is in line " +
                 std::to_string(first->second));
    entries.push_back({full, std::string(unquote(trim(line.substr(equals + 1)))), number});
  }
  return entries;
}

}  // namespace wharf
