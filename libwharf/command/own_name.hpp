// SPDX-License-Identifier: MIT
// A program that is started under several names speaks of itself by the one that was typed: texts are written
// with one name, in commands between backticks ("`wharf login` does that"), and changed as they are printed.
#pragma once

#include <string>
#include <string_view>

namespace wharf::command {

// `written` is the name in texts, `typed` the one that the person used. Both are kept.
void set_own_name(std::string_view written, std::string_view typed);

// The text with the name that was typed in each command between backticks.
std::string with_own_name(std::string_view text);
// A whole command line, as examples are.
std::string command_with_own_name(std::string_view line);

}  // namespace wharf::command
