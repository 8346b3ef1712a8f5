// SPDX-License-Identifier: MIT
// Which answers are worth asking for again, and when.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "libwharf/base/time.hpp"

namespace wharf::client {

inline constexpr std::chrono::seconds k_longest_pause{30};

// 429, and what servers and proxies say when something went wrong on their side.
bool is_worth_retrying(int status);

// Retry-After (RFC 9110 §10.2.3): seconds, or a date, which is then seen from `at`. Never below 0.
std::optional<std::chrono::seconds> read_retry_after(std::string_view value, Time at);

// Before the attempt after `attempt` (counted from 0): `first` doubled each time, with `jitter` from 0 to 1
// deciding on up to a half more, or what the server asked for where that is longer; never above
// k_longest_pause.
std::chrono::milliseconds pause_after(unsigned attempt, std::chrono::milliseconds first, double jitter,
                                      std::optional<std::chrono::seconds> asked);

}  // namespace wharf::client
