// SPDX-License-Identifier: MIT
#include "admin-tools/common/tool.hpp"

#include <unistd.h>

#include <cstdlib>

#include "libwharf/base/text.hpp"
#include "libwharf/command/program.hpp"

namespace wharf::admin {

namespace {

constexpr const char* k_default_config = "/etc/wharf/wharf.conf";

Settings overrides_of(const Arguments& arguments) {
  Settings overrides;
  for (const auto& setting : arguments.values("--set")) {
    const auto equals = setting.find('=');
    if (equals == setting.npos) throw UsageError("--set takes KEY=VALUE, not " + wharf::quoted(setting));
    overrides[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return overrides;
}

}  // namespace

const std::vector<OptionSpec>& config_options() {
  static const std::vector<OptionSpec> options = {
      {"--config", "FILE", "the configuration (default `/etc/wharf/wharf.conf`)"},
      {.name = "--set",
       .value = "KEY=VALUE",
       .help = "override a key, as in `--set log.level=debug`; may be repeated",
       .repeatable = true},
  };
  return options;
}

Path config_file_of(const Arguments& arguments) {
  return arguments.value("--config");
}

Config config_of(const Arguments& arguments) {
  Path file = config_file_of(arguments);
  if (const char* named = std::getenv("WHARF_CONFIG"); file.empty() && named && *named) file = named;
  if (file.empty() && ::access(k_default_config, F_OK) == 0) file = k_default_config;
  return load_config(file, settings_of_environment(environ), overrides_of(arguments));
}

int run_tool(Program program, int argc, const char* const* argv) {
  program.common = config_options();
  program.for_changes = {{"--reason", "TEXT", "why, for the audit log"}};
  program.check = [](const Arguments& arguments) { overrides_of(arguments); };
  program.environment = {{"WHARF_CONFIG", "The configuration where `--config` is not given."},
                         {"WHARF_SECTION_KEY", "Overrides a key of the configuration."}};
  program.files = {{"/etc/wharf/wharf.conf", "The configuration; its manual is wharf.conf(5)."}};
  return run_program(program, argc, argv);
}

}  // namespace wharf::admin
