// SPDX-License-Identifier: MIT
// The manual page of a program, made from the table: mdoc(7) text.
#pragma once

#include <string>

#include "libwharf/command/command.hpp"

namespace wharf::command {

std::string manual_of(const Program& program);

}  // namespace wharf::command
