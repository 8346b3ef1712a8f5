// SPDX-License-Identifier: MIT
// wharf-registry: the installation.
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"

int main(int argc, char** argv) {
  using namespace wharf::admin;
  const Program program{
      .name = "wharf-registry",
      .help = "look after the installation of a Wharf package registry",
      .description =
          "The operator's tool for the installation itself. Accounts are looked after by wharf-user, "
          "packages by "
          "wharf-package.\n\n"
          "A new installation: `init`, then edit the configuration, then `migrate` and `nginx-config`.",
      .commands = {init_command(), migrate_command(), nginx_config_command(), status_command(),
                   rebuild_command(), gc_command(), doctor_command(), audit_command(), config_command(),
                   import_synapse_command(), import_raven_command(), import_vais_command()},
      .sections = {},
      .see_also = {"wharf.conf(5)", "wharf(7)", "nginx(8)", "wharf-clerk(8)", "wharf-fcgi(8)"},
  };
  return run_tool(program, argc, argv);
}
