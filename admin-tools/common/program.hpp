// SPDX-License-Identifier: MIT
// Runs a program that is a table of commands (command.hpp).
#pragma once

#include "admin-tools/common/command.hpp"

namespace wharf::admin {

// What main() returns: the command's own exit code; 1 for an error, 2 for wrong usage, each with a sentence
// `wharf-user: error: …` on standard error. The one top-level catch. Output that could not be written is an
// error, too.
int run_program(const Program& program, int argc, const char* const* argv);

}  // namespace wharf::admin
