// SPDX-License-Identifier: MIT
// How each language's own spellings become commands of `wharf`. A command is written once, in its canonical
// form, and knows nothing of them: before the line is read, the rows of the chosen profile put the canonical
// form in the place of what was typed (libwharf/command/aliases.hpp says how).
//
// A row is {words, option, value, command, means}: `info NAME --version V` of Synapse is
//   {.words = "info", .option = "--version", .value = "V", .means = "@V"}
// which makes `info NAME@V` of it, `uninstall` is {.words = "uninstall", .command = "remove"}, and what must
// not be done has a `refusal`. A value named in a row beside the option ("--sort=downloads") is for that
// value alone. To add a spelling: add its row here, and its line to tests/system/test_client_aliases.py,
// which runs each of them.
#pragma once

#include <string_view>
#include <vector>

#include "libwharf/command/command.hpp"

namespace wharf::client {

// The rows of a profile: those of its manifest's dialect, and those that every profile has.
std::vector<command::Alias> aliases_of(std::string_view profile);

}  // namespace wharf::client
