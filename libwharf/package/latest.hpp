// SPDX-License-Identifier: MIT
// Which of a package's versions `latest` stands for, and which one speaks for the package.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "libwharf/package/version.hpp"

namespace wharf {

struct VersionStanding {
  Version version;
  bool yanked = false;
};

// The highest version that is neither yanked nor a prerelease; else the highest not yanked; else none. In any
// order.
std::optional<std::size_t> latest_of(const std::vector<VersionStanding>& versions);

// Whose manifest says what the package is: the latest one, and where all are yanked the highest. None of
// none.
std::optional<std::size_t> speaker_of(const std::vector<VersionStanding>& versions);

}  // namespace wharf
