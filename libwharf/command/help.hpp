// SPDX-License-Identifier: MIT
// What --help prints, from the table.
#pragma once

#include <string>
#include <string_view>

#include "libwharf/command/command.hpp"

namespace wharf::command {

std::string help_of(const Program& program);
// Those commands alone whose first word is `group`.
std::string help_of_group(const Program& program, std::string_view group);
std::string help_of(const Program& program, const Command& command);

// "wharf-user token create USER --name TEXT [OPTION]..."
std::string usage_of(const Program& program, const Command& command);

}  // namespace wharf::command
