// SPDX-License-Identifier: MIT
// What makes a shell complete a program's command line, made from the table: commands, options, the values of
// options that have a fixed choice, and files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libwharf/command/command.hpp"

namespace wharf::command {

inline constexpr std::string_view k_shells = "bash zsh fish";

// Throws UsageError for any other shell.
std::string completion_of(const Program& program, std::string_view shell);

std::string bash_completion_of(const Program& program);
std::string zsh_completion_of(const Program& program);
std::string fish_completion_of(const Program& program);

// What may be typed after these words: "token " → create, list, revoke, with a blank between two.
std::string words_after(const Program& program, const std::string& before);
// The first words of commands with several: "token".
std::vector<std::string> groups_of(const Program& program);
// All options that take a value, of any command, with their letters.
std::vector<std::string> valued_options(const Program& program);
bool names_file(std::string_view value);

}  // namespace wharf::command
