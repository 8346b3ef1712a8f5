// SPDX-License-Identifier: MIT
// How a refused archive is reported: a code, one sentence, the entry's name and the short name of the rule.
// The names of the rules are part of the interface; docs/formats/archive.md lists them all.
#pragma once

#include <string>
#include <string_view>

#include "libwharf/base/error.hpp"

namespace wharf {

// `entry` is what the archive calls it, whatever bytes those are; it is made printable. Empty: no entry in
// particular.
Error refusal(Code code, std::string_view rule, std::string sentence, std::string_view entry = {});

}  // namespace wharf
