// SPDX-License-Identifier: MIT
// Other spellings of a program's command line (Alias, command.hpp), put into its own before it is read: so a
// command is written once, and knows nothing of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/command/command.hpp"

namespace wharf::command {

// The line that is meant. A row that names a value takes precedence over one of the bare option, and both
// over the command's own options; what follows `--`, and values of the command's own options, are left alone.
// Throws UsageError with the sentence of a row that is refused.
std::vector<std::string> without_aliases(const Program& program, std::vector<std::string> words);

// A row as people write it:
//   "uninstall"             "remove"              a command has two names
//   "install -D"            "install --dev"       an option has two names
//   "info --version V"      "info @V"             its value goes behind the first argument
//   "owner --add USER"      "owner add USER"      it is another command
//   "search --sort=newest"  "search --sort updated"
//   "update --safe"         "update"              it means nothing here
//   "publish --force"       "refuse: a published version never changes"
// Options begin with a dash, values are in capitals, all else are words. Nothing where it is none of these.
std::optional<Alias> alias_from(std::string_view typed, std::string_view meant);
// The two texts of a row again.
std::string spelling_of(const Alias& alias);
std::string meaning_of(const Alias& alias);

}  // namespace wharf::command
