// SPDX-License-Identifier: MIT
// wharf-package: what the operator does about packages.
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-package/verbs.hpp"

int main(int argc, char** argv) {
  using namespace wharf::admin;
  const Program program{
      .name = "wharf-package",
      .help = "look after the packages of a Wharf package registry",
      .description =
          "The operator's tool for packages: looking at them, taking them out of sight, removing them, "
          "handing them to other owners, and keeping names free.\n\n"
          "Something is wrong with a package? `quarantine` it first: nobody is served it from then on, "
          "everyone is "
          "shown why, and `release` brings it back exactly as it was. `yank` keeps a version out of new "
          "resolutions and breaks nobody. `remove` is for what must go for good: a secret, malware, what a "
          "court "
          "or its author wants gone.\n\n"
          "What these commands change is in the registry's answers to the next request that carries a token, "
          "and "
          "within a second for everyone. Each leaves one row in the audit log, with who (the operating "
          "system's "
          "user), when, what, and why (`--reason`).",
      .commands = {list_command(), show_command(), versions_command(), stats_command(), verify_command(),
                   quarantine_command(), release_command(), yank_command(), unyank_command(),
                   remove_command(), owner_list_command(), owner_add_command(), owner_remove_command(),
                   transfer_command(), reserve_command(), unreserve_command(), reserved_command()},
      .sections = {},
      .see_also = {"wharf.conf(5)", "wharf(7)", "wharf-registry(8)", "wharf-clerk(8)"},
  };
  return run_tool(program, argc, argv);
}
