// SPDX-License-Identifier: MIT
// The commands of wharf-user, one file each: what a command does stands beside its row.
#pragma once

#include "admin-tools/common/tool.hpp"

namespace wharf::admin {

Command add_command();
Command passwd_command();
Command disable_command();
Command enable_command();
Command delete_command();
Command role_command();
Command list_command();
Command show_command();
Command token_create_command();
Command token_list_command();
Command token_revoke_command();
Command quota_show_command();
Command quota_set_command();
Command quota_clear_command();

}  // namespace wharf::admin
