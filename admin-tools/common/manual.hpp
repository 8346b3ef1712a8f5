// SPDX-License-Identifier: MIT
// The manual page of a program, section 8, made from the table: mdoc(7) text.
#pragma once

#include <string>

#include "admin-tools/common/command.hpp"

namespace wharf::admin {

std::string manual_of(const Program& program);

}  // namespace wharf::admin
