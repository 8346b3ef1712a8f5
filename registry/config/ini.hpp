// SPDX-License-Identifier: MIT
// A small INI reader that knows its lines. `[section]`, `key = value`; a comment is a line that begins with #
// or ;, so a # inside a value is part of it. Spaces around keys and values do not count; a value in double
// quotes loses them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wharf {

struct IniEntry {
  std::string key;  // section.key
  std::string value;
  int line = 0;
};

// Throws Error(bad_request) that names `file` and the line: no section, no `=`, a key given twice, not UTF-8.
std::vector<IniEntry> parse_ini(std::string_view text, std::string_view file);

}  // namespace wharf
