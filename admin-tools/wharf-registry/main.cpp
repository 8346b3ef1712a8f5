// SPDX-License-Identifier: MIT
// wharf-registry: the installation. One row per command; each command's work stands in a file of its own.
#include <cstdio>
#include <filesystem>

#include "admin-tools/common/command_line.hpp"
#include "admin-tools/wharf-registry/gc.hpp"
#include "admin-tools/wharf-registry/init.hpp"
#include "admin-tools/wharf-registry/nginx_config.hpp"
#include "admin-tools/wharf-registry/rebuild.hpp"
#include "admin-tools/wharf-registry/status.hpp"
#include "registry/store/migrations.hpp"

using namespace wharf;
using namespace wharf::admin;

namespace {

int init(const Arguments& arguments) {
  if (init_config_file(arguments.config_file()))
    std::printf("made the configuration %s\n", arguments.config_file().c_str());
  for (const auto& made : init_installation(arguments.config())) std::printf("%s\n", made.c_str());
  return 0;
}

int migrate(const Arguments& arguments) {
  const auto config = arguments.config();
  const auto database = database_for(config, Config::Role::admin);
  store::Connection connection({database.socket.native(), database.host, static_cast<unsigned>(database.port),
                                database.name, database.user, database.password,
                                database.allow_unsafe_durability});
  const auto applied = store::migrate(connection);
  for (const int number : applied) std::printf("applied migration %d\n", number);
  if (applied.empty()) std::printf("the schema is up to date\n");
  return 0;
}

int nginx_config(const Arguments& arguments) {
  if (!arguments.has("--output")) {
    std::fprintf(stderr,
                 "wharf-registry: error: 'nginx-config' needs --output DIR (see `wharf-registry --help`)\n");
    return 2;
  }
  render_nginx(arguments.config(), std::filesystem::absolute(arguments.value("--output")).lexically_normal());
  return 0;
}

int gc(const Arguments& arguments) {
  collect_garbage(arguments.config());
  return 0;
}

int rebuild(const Arguments& arguments) {
  rebuild_public_tree(arguments.config());
  return 0;
}

int status(const Arguments& arguments) {
  return show_status(arguments.config()) ? 0 : 1;
}

int show_config(const Arguments& arguments) {
  if (arguments.has("--describe")) {
    std::fputs(describe_config().c_str(), stdout);
    return 0;
  }
  for (const auto& setting : arguments.config().settings)
    std::printf("%s = %s  (%s)\n", setting.key.c_str(), setting.value.c_str(), setting.origin.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Command commands[] = {
      {"init", "", "make what is missing: the configuration, the folders, the session key", {}, init},
      {"migrate", "", "bring the database's schema up to date", {}, migrate},
      {"nginx-config",
       "",
       "render nginx's configuration",
       {{"--output", "DIR", "where to write it"}},
       nginx_config},
      {"status", "", "show how far the journal and those who follow it are", {}, status},
      {"rebuild", "", "make the public tree anew; the clerk must be stopped", {}, rebuild},
      {"gc", "", "remove what crashes and removals left behind", {}, gc},
      {"config",
       "",
       "show every key, its value and where that is from",
       {{"--describe", "", "all keys with defaults and descriptions, as a configuration file"}},
       show_config},
  };
  return run_program("wharf-registry", "looks after an installation", commands, argc, argv);
}
