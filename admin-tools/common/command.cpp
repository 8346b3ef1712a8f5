// SPDX-License-Identifier: MIT
#include "admin-tools/common/command.hpp"

#include <algorithm>

namespace wharf::admin {

std::vector<OptionSpec> own_options(const Command& command) {
  auto options = command.options;
  const bool explains =
      std::ranges::any_of(options, [](const OptionSpec& option) { return option.name == "--reason"; });
  if (!explains && (command.effect == Effect::changes || command.effect == Effect::destroys))
    options.push_back({"--reason", "TEXT", "why, for the audit log"});
  if (command.effect == Effect::destroys)
    options.push_back({"--yes", "", "do it without asking; needed where no terminal is"});
  if (command.json) options.push_back({"--json", "", "print one JSON object instead of text"});
  return options;
}

const std::vector<OptionSpec>& common_options() {
  static const std::vector<OptionSpec> options = {
      {"--config", "FILE", "the configuration (default `/etc/wharf/wharf.conf`)"},
      {.name = "--set",
       .value = "KEY=VALUE",
       .help = "override a key, as in `--set log.level=debug`; may be repeated",
       .repeatable = true},
      {"--help", "", "print this text"},
  };
  return options;
}

std::string_view effect_name(Effect effect) {
  constexpr std::string_view k_names[] = {"reads", "maintains", "changes", "destroys"};
  return k_names[static_cast<int>(effect)];
}

}  // namespace wharf::admin
