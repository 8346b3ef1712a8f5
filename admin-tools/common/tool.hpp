// SPDX-License-Identifier: MIT
// What the tools of the registry share beyond a table of commands (libwharf/command): the configuration that
// every command takes, and the reason that is asked of every change.
//
// To add a command to a tool:
//   1. write admin-tools/<program>/<command>.cpp with `Command <command>_command()`, which returns the row,
//   and
//      the function that the row's `run` names;
//   2. declare it in that program's verbs.hpp and add the call to the table in its main.cpp;
//   3. a command that changes or destroys hands `origin_of(arguments)` and `operator_principal()` to one
//      service, which writes exactly one audit row (operator.hpp).
#pragma once

#include <string>

#include "libwharf/command/arguments.hpp"
#include "libwharf/command/command.hpp"
#include "registry/config/config.hpp"

namespace wharf::admin {

using namespace command;

// --config and --set, which every command of every tool takes.
const std::vector<OptionSpec>& config_options();

// What --config names; empty where it was not given.
Path config_file_of(const Arguments& arguments);

// The configuration that --config names, else WHARF_CONFIG in the environment, else /etc/wharf/wharf.conf
// where it exists; with the environment's and --set's overrides.
Config config_of(const Arguments& arguments);

// What main() returns: run_program() of a program that takes these options.
int run_tool(Program program, int argc, const char* const* argv);

}  // namespace wharf::admin
