// SPDX-License-Identifier: MIT
// Which row of the table a line means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libwharf/command/command.hpp"

namespace wharf::command {

// How many of the line's leading words are those of `command`; 0 where they are others.
std::size_t words_matched(std::string_view command, const std::vector<std::string>& line);

// The command with the most words that the line begins with; null where there is none.
const Command* find_command(const Program& program, const std::vector<std::string>& line);

// The first word of some commands: "token" of "token create".
bool is_group(const Program& program, std::string_view word);

// Throws UsageError that names what is near.
[[noreturn]] void refuse_unknown(const Program& program, const std::vector<std::string>& line);

}  // namespace wharf::command
