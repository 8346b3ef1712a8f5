// SPDX-License-Identifier: MIT
// Command lines of the form `program command [options] [arguments]`: a program is a table of commands, and
// the table makes the help, the check of what was given, and the suggestion for what was mistyped.
//
// Every command takes --config FILE, --set section.key=value (any number) and --help. Output goes to stdout,
// messages to stderr; the exit code is 0, 1 for an error, 2 for wrong usage.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/config/config.hpp"

namespace wharf::admin {

class Arguments {
 public:
  // The configuration that --config names, with the environment's and --set's overrides.
  Config config() const;
  const Path& config_file() const noexcept { return config_file_; }
  bool has(std::string_view option) const;
  // The option's value; empty where it was not given.
  const std::string& value(std::string_view option) const;
  const std::vector<std::string>& positional() const noexcept { return positional_; }

 private:
  friend struct Parser;
  Path config_file_;
  Settings overrides_;
  std::map<std::string, std::string, std::less<>> options_;
  std::vector<std::string> positional_;
};

struct OptionSpec {
  std::string_view name;   // "--output"
  std::string_view value;  // "DIR"; empty for a flag without one
  std::string_view help;
};

struct Command {
  std::string_view name;
  std::string_view positional;  // "NAME [VERSION]": those without brackets must be given
  std::string_view help;        // one line
  std::vector<OptionSpec> options;
  int (*run)(const Arguments&);
};

// What main() returns. `summary` is one line.
int run_program(std::string_view program, std::string_view summary, std::span<const Command> commands,
                int argc, const char* const* argv);

}  // namespace wharf::admin
