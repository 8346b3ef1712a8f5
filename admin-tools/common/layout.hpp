// SPDX-License-Identifier: MIT
// The texts of the command table, laid out for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wharf::admin {

// Characters, not bytes; every character counts as one column wide.
std::size_t width_of(std::string_view utf8);

// The words of a text in lines of at most `width` columns; a word is never broken.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// The paragraphs of a text: what stands between empty lines.
std::vector<std::string_view> paragraphs(std::string_view text);

// Without the backticks around what is literal.
std::string plain(std::string_view text);

}  // namespace wharf::admin
