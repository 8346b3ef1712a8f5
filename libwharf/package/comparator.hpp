// SPDX-License-Identifier: MIT
// What one comparator of a requirement says of releases and of prereleases; requirement.hpp puts them
// together.
#pragma once

#include "libwharf/package/requirement.hpp"

namespace wharf {

// The releases that a comparator matches. A release is above every prerelease of its numbers.
ReleaseRange releases_of(const Comparator& comparator);

// Whether a comparator accepts a prerelease, leaving aside that some comparator must name its triple. Among
// the numbers that a comparator of fewer than three parts stands for there is no order: a prerelease there is
// neither above nor below nor equal, and only the caret accepts it.
bool matches_prerelease(const Comparator& comparator, const Version& prerelease) noexcept;

}  // namespace wharf
