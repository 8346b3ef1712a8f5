// SPDX-License-Identifier: MIT
// Where the keys and values of a TOML text stand. The text has been read by the strict reader before: this
// one only finds places, and takes for granted that it is TOML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/manifest/span.hpp"

namespace wharf::client {

struct TomlEntry {
  enum class Kind { header, statement, member };  // member: of an inline table
  Kind kind = Kind::statement;
  std::vector<std::string> path;  // from the root; an array of tables adds a part "[]"
  Span key;                       // of a header: what stands between its brackets
  Span value;                     // of a header: nothing
  Span lines;                     // whole lines; of a member those of its statement
  std::size_t section = 0;        // the index of its header; no_section before the first
  static constexpr std::size_t no_section = ~std::size_t{0};
};

// In the text's order; the members of an inline table follow its entry.
std::vector<TomlEntry> map_toml(std::string_view text);

bool begins_with(const std::vector<std::string>& path, const std::vector<std::string>& beginning);

// A key as it is written: bare where it may be, else in double quotes. `text` in double quotes.
std::string toml_key(std::string_view name);
std::string toml_quoted(std::string_view text);

}  // namespace wharf::client
