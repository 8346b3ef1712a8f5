// SPDX-License-Identifier: MIT
// The texts of the command table, laid out for a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wharf::command {

// Characters, not bytes; every character counts as one column wide.
std::size_t width_of(std::string_view utf8);

// The words of a text in lines of at most `width` columns; a word is never broken.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// The paragraphs of a text: what stands between empty lines.
std::vector<std::string_view> paragraphs(std::string_view text);

// A number of bytes as people read it, in powers of ten: "0 B", "999 B", "1.2 kB", "34.5 MB".
std::string size_text(std::uint64_t bytes);

// Without the backticks around what is literal.
std::string plain(std::string_view text);

}  // namespace wharf::command
