// SPDX-License-Identifier: MIT
// Named places before and after each durable step, where the crash tests end the process as `kill -9` would.
//
// Armed only by the environment of the process: WHARF_FAILPOINT=<name> kills at that place;
// WHARF_FAILPOINT=<name>:error throws an internal error there instead (a failing disk);
// WHARF_FAILPOINT_LOG=<file> appends the name of each place that is passed, once per process.
// Unarmed it is one comparison of a pointer with null.
#pragma once

#include <string_view>

namespace wharf {

void failpoint(std::string_view name);

}  // namespace wharf
