// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>

#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

void write_setting(json::Writer& writer, const Config::Setting& setting) {
  writer.begin_object();
  writer.member("key", setting.key).member("value", setting.value).member("origin", setting.origin);
  writer.end_object();
}

// The value alone, for scripts.
int show_one(const Arguments& arguments, const Config& config, const std::string& key) {
  const auto found = std::ranges::find(config.settings, key, &Config::Setting::key);
  if (found == config.settings.end()) {
    std::vector<std::string_view> known;
    for (const auto& setting : config.settings) known.push_back(setting.key);
    throw UsageError("there is no key '" + key + "'" + suggestion(key, known));
  }
  if (arguments.json()) {
    json::Writer writer;
    write_setting(writer, *found);
    finish(writer);
  } else {
    say(found->value);
  }
  return 0;
}

int show_config(const Arguments& arguments) {
  if (arguments.has("--describe")) {
    std::fputs(describe_config().c_str(), stdout);
    return 0;
  }
  const auto config = config_of(arguments);
  if (const std::string& key = arguments["KEY"]; !key.empty()) return show_one(arguments, config, key);
  if (!arguments.json()) {
    for (const auto& setting : config.settings)
      say(setting.key + " = " + setting.value + "  (" + setting.origin + ")");
    return 0;
  }
  json::Writer writer;
  writer.begin_object().key("settings").begin_array();
  for (const auto& setting : config.settings) write_setting(writer, setting);
  writer.end_array().end_object();
  finish(writer);
  return 0;
}

}  // namespace

Command config_command() {
  return {.words = "config",
          .positional = "[KEY]",
          .help = "show every key, its value and where that is from",
          .run = show_config,
          .effect = Effect::reads,
          .json = true,
          .description = "Passwords are not shown. Of a KEY that is named, the value alone.",
          .options = {{"--describe", "", "all keys with defaults and descriptions, as a configuration file"}},
          .examples = {{"wharf-registry config --describe > wharf.conf", "a configuration to begin with"},
                       {"wharf-registry config --set site.mode=production",
                        "whether a change of the configuration would be accepted"}}};
}

}  // namespace wharf::admin
