// SPDX-License-Identifier: MIT
// The table of commands as JSON, for whoever goes through all of them: tests, documents, other shells'
// completion. {program, help, commands: [{words, positional, help, effect, json, options: [{name, value,
// help, choices, required, repeatable}], examples: [{command, text}]}]}
#pragma once

#include <string>

#include "admin-tools/common/command.hpp"

namespace wharf::admin {

std::string json_of(const Program& program);

}  // namespace wharf::admin
