// SPDX-License-Identifier: MIT
// What makes bash complete a program's command line, made from the table: commands, options, the values of
// options that have a fixed choice, and files.
#pragma once

#include <string>

#include "admin-tools/common/command.hpp"

namespace wharf::admin {

std::string bash_completion_of(const Program& program);

}  // namespace wharf::admin
