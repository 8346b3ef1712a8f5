// SPDX-License-Identifier: MIT
// wharf: the client.
#include "client/commands/commands.hpp"
#include "client/program/program.hpp"

int main(int argc, char** argv) {
  using namespace wharf::client;
  // In the order of help and manual.
  // clang-format off
  return run_client({
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
