// SPDX-License-Identifier: MIT
// The commands of wharf: each function returns one row of the table (client/program/program.hpp says how to
// add one).
#pragma once

#include "libwharf/command/command.hpp"

namespace wharf::client {

command::Command profile_list_command();
command::Command profile_show_command();

}  // namespace wharf::client
