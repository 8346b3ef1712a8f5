// SPDX-License-Identifier: MIT
// The commands of wharf: each function returns one row of the table (client/program/program.hpp says how to
// add one).
#pragma once

#include "libwharf/command/command.hpp"

namespace wharf::client {

command::Command install_command();
command::Command add_command();
command::Command remove_command();
command::Command update_command();
command::Command outdated_command();
command::Command list_command();
command::Command tree_command();
command::Command resolve_command();
command::Command verify_command();

command::Command profile_list_command();
command::Command profile_show_command();

}  // namespace wharf::client
