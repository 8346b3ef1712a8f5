// SPDX-License-Identifier: MIT
// Numbers with what they count, for people.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace wharf {

// "1 version", "3 versions". `one` is a noun whose plural ends in one more "s".
std::string counted(std::integral auto number, std::string_view one) {
  return std::to_string(number) + " " + std::string(one) + (number == 1 ? "" : "s");
}

}  // namespace wharf
