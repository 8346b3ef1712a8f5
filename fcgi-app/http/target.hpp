// SPDX-License-Identifier: MIT
// The request target, read from the raw REQUEST_URI (nginx's decoded form hides what was sent): RFC 3986,
// strictly.
//
// Refused with Error(bad_request): percent sequences that are none, an encoded slash, backslash or NUL,
// control characters, invalid UTF-8, "." and ".." in any spelling, and empty segments, but for the doubled
// slash that a base with a slash at its end leaves behind itself. Longer than 4 KiB is Error(uri_too_long).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcgi-app/http/dialect.hpp"

namespace wharf::http {

inline constexpr std::size_t k_longest_uri = 4096;

struct Target {
  std::vector<std::string> segments;  // decoded, those of the base included
  Base base;
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order; "+" is a space
};

Target parse_target(std::string_view raw_uri, Dialect at_root);

// The dialect of a target that could not be parsed, so that even its error has the right shape.
Dialect guess_dialect(std::string_view raw_uri, Dialect at_root);

// Percent sequences undone; nothing where one is none.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
// All but RFC 3986's unreserved characters as %XX.
std::string percent_encode(std::string_view text);

}  // namespace wharf::http
