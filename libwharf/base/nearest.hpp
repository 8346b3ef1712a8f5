// SPDX-License-Identifier: MIT
// "Did you mean": the candidate that takes the fewest single-character changes to reach from what was typed.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace wharf {

// Insertions, deletions and replacements of one byte, and exchanges of two neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b);

// Empty where no candidate is within a third of the typed text's length (but at least two) changes.
std::string_view nearest(std::string_view typed, std::span<const std::string_view> candidates);

}  // namespace wharf
