// SPDX-License-Identifier: MIT
// A small program for tests of what is made from a table of commands.
#pragma once

#include <string>
#include <vector>

#include "admin-tools/common/arguments.hpp"
#include "admin-tools/common/command.hpp"

namespace wharf::test {

inline int does_nothing(const admin::Arguments&) {
  return 0;
}

inline admin::Command mooring_command() {
  return {
      .words = "berth assign",
      .positional = "SHIP [BERTH...]",
      .help = "give a ship its berths",
      .run = does_nothing,
      .effect = admin::Effect::changes,
      .json = true,
      .description = "Ships stay.\n\nA line of `--tide x` that begins\n.so to say, with a \\ and a 'quote'.",
      .options = {{.name = "--tide",
                   .value = "TIDE",
                   .help = "at which tide",
                   .choices = "high low",
                   .required = true},
                  {.name = "--rope", .value = "ROPE", .help = "may be repeated", .repeatable = true},
                  {"--chart", "FILE", "a chart"},
                  {"--quiet", "", "say less"}},
      .examples = {{"harbour berth assign ada --tide high", "the usual"}}};
}

inline admin::Program harbour() {
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
                        .effect = admin::Effect::destroys,
                        .consequence = "the ship is gone"}},
          .sections = {{"WEATHER", "It rains."}},
          .see_also = {"tide(7)", "harbour.conf(5)"}};
}

// The sentence of the UsageError; "none" where there is none.
inline std::string usage_error(const admin::Command& command, const std::vector<std::string>& words) {
  try {
    admin::parse_arguments(command, words);
    return "none";
  } catch (const admin::UsageError& error) {
    return error.what();
  }
}

}  // namespace wharf::test
