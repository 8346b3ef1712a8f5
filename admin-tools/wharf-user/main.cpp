// SPDX-License-Identifier: MIT
// wharf-user: accounts.
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-user/verbs.hpp"

int main(int argc, char** argv) {
  using namespace wharf::admin;
  const Program program{
      .name = "wharf-user",
      .help = "look after the accounts of a Wharf package registry",
      .description =
          "Changes count from the next request on. Each is noted in the audit log with the operating "
          "system's user who "
          "made it and the text of `--reason`. Passwords are typed at the terminal without being shown, or "
          "read from "
          "standard input as one line; they are never an argument.\n\n"
          "The first administrator of a registry: `wharf-user add NAME --role admin`. An account that does "
          "harm: "
          "`disable` stops it at once and can be taken back; `delete` cannot. Somebody who has lost their "
          "password: "
          "`passwd`. Somebody whose token has leaked: `token list`, `token revoke`.",
      .commands = {add_command(), passwd_command(), disable_command(), enable_command(), delete_command(),
                   role_command(), list_command(), show_command(), token_create_command(),
                   token_list_command(), token_revoke_command(), quota_show_command(), quota_set_command(),
                   quota_clear_command()},
      .sections = {},
      .see_also = {"wharf.conf(5)", "wharf(7)", "wharf-registry(8)"},
  };
  return run_tool(program, argc, argv);
}
