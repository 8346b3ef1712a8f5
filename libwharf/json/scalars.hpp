// SPDX-License-Identifier: MIT
// Texts of JSON's scalars, appended to what is there already.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wharf::json {

// The number as an integer, where it is whole and within ±2^53.
std::optional<std::int64_t> exact_integer(double number);

// Whole numbers within ±2^53 plain, all others in the shortest text that reads back as the same number;
// what is not finite as null.
void append_number(std::string& out, double number);

// In quotes; control characters, `"` and `\` escaped, invalid UTF-8 as U+FFFD.
void append_quoted(std::string& out, std::string_view text);

}  // namespace wharf::json
