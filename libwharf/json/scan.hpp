// SPDX-License-Identifier: MIT
// The strict reader that stands in front of cJSON: decides whether a text is JSON as value.hpp promises, and
// keeps nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "libwharf/base/error.hpp"

namespace wharf::json {

inline constexpr std::size_t k_most_levels = 64;
inline constexpr std::size_t k_longest_number = 63;  // what cJSON reads of one
inline constexpr double k_largest_integer = 9007199254740992.0;

// Where a text stops being JSON, and why.
struct Fault {
  std::size_t offset;
  std::string reason;
};

// Throws Fault.
void scan(std::string_view text);

Error fault_error(const Fault& fault);

// A JSON string's content (without its quotes, and accepted by scan) with the escapes undone.
std::string unescape(std::string_view content);

}  // namespace wharf::json
