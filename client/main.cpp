// SPDX-License-Identifier: MIT
// wharf: the client.
#include "client/commands/commands.hpp"
#include "client/program/program.hpp"

int main(int argc, char** argv) {
  using namespace wharf::client;
  // In the order of help and manual.
  // clang-format off
  return run_client({
      init_command(),
      install_command(),
      add_command(),
      remove_command(),
      update_command(),
      outdated_command(),
      list_command(),
      tree_command(),
      resolve_command(),
      verify_command(),
      pack_command(),
      publish_command(),
      yank_command(),
      unyank_command(),
      owner_list_command(),
      owner_add_command(),
      owner_remove_command(),
      search_command(),
      info_command(),
      register_command(),
      login_command(),
      logout_command(),
      whoami_command(),
      token_create_command(),
      token_list_command(),
      token_revoke_command(),
      cache_dir_command(),
      cache_list_command(),
      cache_clean_command(),
      config_list_command(),
      config_get_command(),
      config_set_command(),
      config_unset_command(),
      config_path_command(),
      profile_list_command(),
      profile_show_command(),
      semver_compare_command(),
      semver_match_command(),
      semver_sort_command(),
      semver_max_command(),
      completion_command(),
      help_command(),
  }, argc, argv);
  // clang-format on
}
