// SPDX-License-Identifier: MIT
// Other spellings of a program's command line (Alias, command.hpp), put into its own before it is read: so a
// command is written once, and knows nothing of them.
#pragma once

#include <string>
#include <vector>

#include "libwharf/command/command.hpp"

namespace wharf::command {

// The line that is meant. Prints the warnings of the aliases that were used; throws UsageError with the
// sentence of one that is refused. A row that names a value takes precedence over one of the bare option, and
// both over the command's own options; what follows `--`, and values of the command's own options, are left
// alone.
std::vector<std::string> without_aliases(const Program& program, std::vector<std::string> words);

// "install -D" and "install --dev": how a row is shown. What is refused means nothing.
std::string spelling_of(const Alias& alias);
std::string meaning_of(const Alias& alias);

}  // namespace wharf::command
