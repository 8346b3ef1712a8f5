// SPDX-License-Identifier: MIT
#include "libwharf/command/command.hpp"

namespace wharf::command {

std::vector<OptionSpec> own_options(const Program& program, const Command& command) {
  std::vector<OptionSpec> options;
  const auto add = [&](const OptionSpec& option) {
    if (!find_option(options, option.name) && !find_option(program.common, option.name))
      options.push_back(option);
  };
  for (const auto& option : command.options) add(option);
  if (command.effect == Effect::changes || command.effect == Effect::destroys)
    for (const auto& option : program.for_changes) add(option);
  if (command.effect == Effect::destroys)
    add({"--yes", "", "do it without asking; needed where no terminal is"});
  if (command.json) add({"--json", "", "print one JSON object instead of text"});
  return options;
}

std::vector<OptionSpec> common_options(const Program& program) {
  auto options = program.common;
  options.push_back({.name = "--help", .value = "", .help = "print this text", .letter = 'h'});
  return options;
}

std::vector<OptionSpec> all_options(const Program& program, const Command& command) {
  auto options = own_options(program, command);
  for (const auto& option : common_options(program)) options.push_back(option);
  return options;
}

std::string_view effect_name(Effect effect) {
  constexpr std::string_view k_names[] = {"reads", "maintains", "changes", "destroys"};
  return k_names[static_cast<int>(effect)];
}

bool takes_json(const Program& program, const Command& command) {
  return command.json || find_option(program.common, "--json");
}

const OptionSpec* find_option(const std::vector<OptionSpec>& options, std::string_view name) {
  for (const auto& option : options)
    if (option.name == name ||
        (option.letter && name.size() == 2 && name[0] == '-' && name[1] == option.letter))
      return &option;
  return nullptr;
}

std::string shown_option(const OptionSpec& option) {
  std::string text = option.letter ? std::string("-") + option.letter + ", " : "";
  text += option.name;
  if (!option.value.empty()) text.append(" ").append(option.value);
  return text;
}

}  // namespace wharf::command
