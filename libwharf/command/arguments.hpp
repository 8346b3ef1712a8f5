// SPDX-License-Identifier: MIT
// What a command was given, checked against its row of the table.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/command/command.hpp"

namespace wharf::command {

// What was typed cannot be meant: exit code 2, and a hint at --help.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Arguments {
 public:
  bool has(std::string_view option) const;
  // The option's value; empty where it was not given.
  const std::string& value(std::string_view option) const;
  std::optional<std::string> maybe(std::string_view option) const;
  // All values of an option that may be repeated.
  const std::vector<std::string>& values(std::string_view option) const;
  // Throws UsageError where the value is not a whole number within the bounds.
  std::optional<std::int64_t> number(std::string_view option, std::int64_t least, std::int64_t most) const;
  bool json() const { return has("--json"); }

  // The positional argument by its name in the table ("USER"); empty where an optional one was not given.
  const std::string& operator[](std::string_view name) const;
  // The positional argument that may be repeated ("ID..."), all of it.
  const std::vector<std::string>& all(std::string_view name) const;

 private:
  friend Arguments parse_arguments(const Program& program, const Command& command,
                                   const std::vector<std::string>& words);
  std::map<std::string, std::vector<std::string>, std::less<>> options_;
  std::map<std::string, std::vector<std::string>, std::less<>> positional_;
};

// `words` without the command's own. Throws UsageError that names what is wrong and suggests what is near;
// with
// --help among the words, arguments may be missing.
Arguments parse_arguments(const Program& program, const Command& command,
                          const std::vector<std::string>& words);

// "; did you mean 'list'?", or nothing.
std::string suggestion(std::string_view typed, const std::vector<std::string_view>& known);

}  // namespace wharf::command
