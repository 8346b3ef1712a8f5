// SPDX-License-Identifier: MIT
// The client as a whole: the options that every command takes, and what the manual says of all of them.
//
// To add a command:
//   1. write client/commands/<command>.cpp with `command::Command <command>_command()`, which returns the row
//   (its
//      words, options, texts, examples), and the function that the row's `run` names; that begins with
//      `const auto session = open_session(arguments);` and returns an Exit;
//   2. declare it in client/commands/commands.hpp and put the call into the table in client/main.cpp.
// Help, manual, completion, suggestions and the tests of every command follow from the row. Answers go to
// standard output (say(), Table, Facts), messages to standard error (note(), detail(), warn()). With
// session.json the answer is one JSON object on standard output and nothing else; every command has one.
#pragma once

#include <vector>

#include "libwharf/command/command.hpp"

namespace wharf::client {

// The one that runs: for the commands that tell of it.
const command::Program& running_program();

// What main() returns.
int run_client(std::vector<command::Command> commands, int argc, const char* const* argv);

}  // namespace wharf::client
