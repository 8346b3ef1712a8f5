// SPDX-License-Identifier: MIT
// What versions and requirements are both made of: numbers and dot-separated identifiers, taken off the front
// of a text. Each function returns nothing where all is well, else the second half of a sentence that began
// with the text: " has a leading zero in its minor number". `rest` is then unspecified.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wharf::semver {

// A number without leading zeros, up to 2^64-1. `part` is "major", "minor" or "patch".
std::string take_number(std::string_view& rest, std::string_view part, std::uint64_t& number);

// Identifiers of letters, digits and '-', joined by dots, none of them empty; numeric ones have no leading
// zero in a prerelease and may have them in build metadata.
enum class Identifiers { prerelease, build };
std::string take_identifiers(std::string_view& rest, Identifiers kind, std::string& identifiers);

}  // namespace wharf::semver
