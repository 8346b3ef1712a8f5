// SPDX-License-Identifier: MIT
// Moments as people type and read them.
#pragma once

#include <optional>
#include <string>

#include "admin-tools/common/tool.hpp"
#include "libwharf/base/time.hpp"

namespace wharf::admin {

// The option's value as a moment: `2026-01-31` (its beginning, UTC), `2026-01-31T10:00:00Z`, or `7d`, `12h`,
// `30m` before now. Throws UsageError for anything else.
std::optional<Time> moment(const Arguments& arguments, std::string_view option);

// "2026-01-31T10:00:00Z", the one form in which the tools show a moment; "-" for none.
std::string shown(Time time);
std::string shown(const std::optional<Time>& time);

}  // namespace wharf::admin
