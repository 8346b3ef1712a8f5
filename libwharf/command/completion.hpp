// SPDX-License-Identifier: MIT
// What makes a shell complete a program's command line, made from the table: commands, options, the values of
// options that have a fixed choice, and files.
#pragma once

#include <string>
#include <string_view>

#include "libwharf/command/command.hpp"

namespace wharf::command {

inline constexpr std::string_view k_shells = "bash";

// Throws UsageError for any other shell.
std::string completion_of(const Program& program, std::string_view shell);

std::string bash_completion_of(const Program& program);

}  // namespace wharf::command
