// SPDX-License-Identifier: MIT
// The commands of wharf-package, one file each, or one a pair.
#pragma once

#include "admin-tools/common/tool.hpp"

namespace wharf::admin {

Command list_command();
Command show_command();
Command versions_command();
Command stats_command();
Command verify_command();
Command yank_command();
Command unyank_command();
Command quarantine_command();
Command release_command();
Command remove_command();
Command owner_list_command();
Command owner_add_command();
Command owner_remove_command();
Command transfer_command();
Command reserve_command();
Command unreserve_command();
Command reserved_command();

}  // namespace wharf::admin
