// SPDX-License-Identifier: MIT
// A small program for tests of what is made from a table of commands.
#pragma once

#include <string>
#include <vector>

#include "libwharf/command/arguments.hpp"
#include "libwharf/command/command.hpp"

namespace wharf::test {

inline int does_nothing(const command::Arguments&) {
  return 0;
}

inline command::Command mooring_command() {
  return {
      .words = "berth assign",
      .positional = "SHIP [BERTH...]",
      .help = "give a ship its berths",
      .run = does_nothing,
      .effect = command::Effect::changes,
      .json = true,
      .description = "Ships stay.\n\nA line of `--tide x` that begins\n.so to say, with a \\ and a 'quote'.",
      .options = {{.name = "--tide",
                   .value = "TIDE",
                   .help = "at which tide",
                   .choices = "high low",
                   .required = true},
                  {.name = "--rope", .value = "ROPE", .help = "may be repeated", .repeatable = true},
                  {.name = "--chart", .value = "FILE", .help = "a chart", .letter = 'c'},
                  {"--quiet", "", "say less"}},
      .examples = {{"harbour berth assign ada --tide high", "the usual"}}};
}

inline command::Program harbour() {
  return {.name = "harbour",
          .help = "look after ships",
          .description = "What holds for all.",
          .commands = {mooring_command(),
                       {.words = "berth list",
                        .positional = "",
                        .help = "list berths",
                        .run = does_nothing,
                        .json = true},
                       {.words = "sink",
                        .positional = "SHIP",
                        .help = "sink a ship",
                        .run = does_nothing,
                        .effect = command::Effect::destroys,
                        .consequence = "the ship is gone"}},
          .sections = {{"WEATHER", "It rains."}},
          .see_also = {"tide(7)", "harbour.conf(5)"},
          .common = {{"--config", "FILE", "the configuration"},
                     {.name = "--set", .value = "KEY=VALUE", .help = "override a key", .repeatable = true}},
          .for_changes = {{"--reason", "TEXT", "why"}}};
}

// The sentence of the UsageError; "none" where there is none.
inline std::string usage_error(const command::Command& command, const std::vector<std::string>& words) {
  try {
    command::parse_arguments(harbour(), command, words);
    return "none";
  } catch (const command::UsageError& error) {
    return error.what();
  }
}

}  // namespace wharf::test
