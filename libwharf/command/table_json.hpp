// SPDX-License-Identifier: MIT
// The table of commands as JSON, for whoever goes through all of them: tests, documents, other shells'
// completion. {program, help, commands: [{words, positional, help, effect, json, options: [{name, letter,
// value, help, choices, required, repeatable}], examples: [{command, text}]}], aliases: [{typed, means}]}
#pragma once

#include <string>

#include "libwharf/command/command.hpp"

namespace wharf::command {

std::string json_of(const Program& program);
// One of its rows, as it stands in `commands`.
std::string json_of(const Program& program, const Command& command);

}  // namespace wharf::command
