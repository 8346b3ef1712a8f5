// SPDX-License-Identifier: MIT
// wharf: the client.
#include "client/commands/commands.hpp"
#include "client/program/program.hpp"

int main(int argc, char** argv) {
  using namespace wharf::client;
  return run_client({profile_list_command(), profile_show_command()}, argc, argv);
}
