// SPDX-License-Identifier: MIT
// How each language's own spellings become commands of `wharf`. A command is written once, in its canonical
// form, and knows nothing of them: before the line is read, the chosen profile's rows put the canonical form
// in the place of what was typed. So `info NAME --version V` of Synapse arrives at the command as `info
// NAME@V`, and Vais's `owner --add USER` as `owner add USER`.
//
// The rows are in the profile's text, below [spellings] (client/profile/built_in.hpp for the built-in ones;
// libwharf/command/aliases.hpp says what can be written). To add one: write it there, and its line into
// tests/system/test_client_spellings.py, which runs each of them. What holds in every language is below.
#pragma once

#include <vector>

#include "client/profile/profile.hpp"
#include "libwharf/command/command.hpp"

namespace wharf::client {

// The profile's rows, and those of all.
std::vector<command::Alias> aliases_of(const Profile& profile);

}  // namespace wharf::client
