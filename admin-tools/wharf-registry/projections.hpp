// SPDX-License-Identifier: MIT
// The projections, made anew in the place of the clerk. This process must be the owner of their folder. Both
// throw Error(conflict) while a clerk runs.
#pragma once

#include <cstdint>

#include "registry/config/config.hpp"

namespace wharf::admin {

struct RebuiltTree {
  std::uint64_t journal = 0;   // the number up to which it stands
  std::uint64_t withheld = 0;  // packages with an archive that is missing or damaged
};
RebuiltTree rebuild_tree(const Config& config);

struct RebuiltSearch {
  std::uint64_t journal = 0;
  std::uint64_t packages = 0;  // that may be found
};
RebuiltSearch rebuild_search(const Config& config);

}  // namespace wharf::admin
