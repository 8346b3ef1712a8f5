// SPDX-License-Identifier: MIT
// The reason that someone gives for a change: one line of plain text, at most 500 characters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wharf {

constexpr std::size_t k_reason_characters = 500;

// As checked_reason() would return it.
bool is_reason(std::string_view text);

// Without the spaces around it; nothing where there is none. Throws Error(bad_request) for one that is too
// long or no plain text.
std::optional<std::string> checked_reason(const std::optional<std::string>& reason);
// The same where there must be one; `what` is what it is wanted for: "a quarantine".
std::string required_reason(const std::optional<std::string>& reason, std::string_view what);

}  // namespace wharf
