// SPDX-License-Identifier: MIT
// Runs a program that is a table of commands (command.hpp).
#pragma once

#include "libwharf/command/command.hpp"

namespace wharf::command {

// What main() returns: the command's own exit code; for an error 1, or what the program's `exit_code_of`
// says; 2 for wrong usage, each with a sentence `wharf-user: error: …` on standard error. The one top-level
// catch. Output that could not be written is an error, too.
int run_program(const Program& program, int argc, const char* const* argv);

}  // namespace wharf::command
