// SPDX-License-Identifier: MIT
#include "libwharf/package/latest.hpp"

#include <tuple>

namespace wharf {

namespace {

std::optional<std::size_t> highest(const std::vector<VersionStanding>& versions, bool yanked_too) {
  const auto rank = [](const VersionStanding& v) {
    return std::make_tuple(!v.yanked, !v.yanked && !v.version.is_prerelease());
  };
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (versions[i].yanked && !yanked_too) continue;
    if (!best || rank(versions[i]) > rank(versions[*best]) ||
        (rank(versions[i]) == rank(versions[*best]) && versions[i].version > versions[*best].version))
      best = i;
  }
  return best;
}

}  // namespace

std::optional<std::size_t> latest_of(const std::vector<VersionStanding>& versions) {
  return highest(versions, false);
}
std::optional<std::size_t> speaker_of(const std::vector<VersionStanding>& versions) {
  return highest(versions, true);
}

}  // namespace wharf
