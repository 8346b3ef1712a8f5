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

command::Command cache_dir_command();
command::Command cache_list_command();
command::Command cache_clean_command();
command::Command config_list_command();
command::Command config_get_command();
command::Command config_set_command();
command::Command config_unset_command();
command::Command config_path_command();
command::Command init_command();
command::Command pack_command();
command::Command publish_command();
command::Command yank_command();
command::Command unyank_command();
command::Command owner_list_command();
command::Command owner_add_command();
command::Command owner_remove_command();
command::Command search_command();
command::Command info_command();
command::Command login_command();
command::Command logout_command();
command::Command whoami_command();
command::Command register_command();
command::Command token_create_command();
command::Command token_list_command();
command::Command token_revoke_command();

command::Command profile_list_command();
command::Command profile_show_command();
command::Command semver_compare_command();
command::Command semver_match_command();
command::Command semver_sort_command();
command::Command semver_max_command();
command::Command completion_command();
command::Command help_command();

}  // namespace wharf::client
