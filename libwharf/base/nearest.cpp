// SPDX-License-Identifier: MIT
#include "libwharf/base/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace wharf {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string_view nearest(std::string_view typed, std::span<const std::string_view> candidates) {
  std::size_t best = std::max<std::size_t>(2, typed.size() / 3) + 1;
  std::string_view found;
  for (const auto candidate : candidates) {
    const auto distance = edit_distance(typed, candidate);
    if (distance >= best) continue;
    best = distance;
    found = candidate;
  }
  return found;
}

}  // namespace wharf
