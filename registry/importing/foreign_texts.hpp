// SPDX-License-Identifier: MIT
// How other registries write moments and lists.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/time.hpp"

namespace wharf::importing {

// `2026-01-31T10:00:00.123Z`, with a space in place of T, with an offset (`+02`, `+02:00`, `+0200`) in place
// of Z, or with neither, which is UTC; up to nine digits of fraction. Nothing for anything else.
std::optional<Time> moment_of(std::string_view text);

// A JSON array of texts, or PostgreSQL's `{a,"b c",NULL}`; nothing for anything else. NULLs are left out.
std::optional<std::vector<std::string>> list_of(std::string_view text);

// t, true, 1 and their like, as PostgreSQL and SQLite write them.
bool truth_of(std::string_view text);

}  // namespace wharf::importing
