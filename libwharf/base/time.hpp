// SPDX-License-Identifier: MIT
// Moments in UTC with millisecond resolution, and their texts.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace wharf {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

Time now();
Time time_from_unix_milliseconds(std::int64_t milliseconds);
std::int64_t unix_milliseconds(Time time);

// RFC 3339 in UTC to the second: 2026-01-31T10:00:00Z.
std::string to_rfc3339(Time time);
// Exactly that form, with an optional fraction of up to nine digits; nothing where it is not.
std::optional<Time> from_rfc3339(std::string_view text);

}  // namespace wharf
