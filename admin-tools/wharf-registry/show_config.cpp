// SPDX-License-Identifier: MIT
#include <cstdio>

#include "admin-tools/common/arguments.hpp"
#include "admin-tools/common/output.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"

namespace wharf::admin {

namespace {

int show_config(const Arguments& arguments) {
  if (arguments.has("--describe")) {
    std::fputs(describe_config().c_str(), stdout);
    return 0;
  }
  const auto config = arguments.config();
  if (!arguments.json()) {
    for (const auto& setting : config.settings)
      say(setting.key + " = " + setting.value + "  (" + setting.origin + ")");
    return 0;
  }
  json::Writer writer;
  writer.begin_object().key("settings").begin_array();
  for (const auto& setting : config.settings) {
    writer.begin_object();
    writer.member("key", setting.key).member("value", setting.value).member("origin", setting.origin);
    writer.end_object();
  }
  writer.end_array().end_object();
  finish(writer);
  return 0;
}

}  // namespace

Command config_command() {
  return {.words = "config",
          .positional = "",
          .help = "show every key, its value and where that is from",
          .run = show_config,
          .effect = Effect::reads,
          .json = true,
          .description = "Passwords are not shown.",
          .options = {{"--describe", "", "all keys with defaults and descriptions, as a configuration file"}},
          .examples = {{"wharf-registry config --describe > wharf.conf", "a configuration to begin with"},
                       {"wharf-registry config --set site.mode=production",
                        "whether a change of the configuration would be accepted"}}};
}

}  // namespace wharf::admin
