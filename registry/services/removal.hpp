// SPDX-License-Identifier: MIT
// Removing a version: for what should never have been published. Its number is never free again; its archive
// goes with the next collection of garbage.
#pragma once

#include <chrono>
#include <string_view>

#include "registry/projections/visibility.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

class Removal {
 public:
  // `within`: how long after its publishing a version may be removed.
  Removal(store::Database& database, VisibilityReader& visibility, std::chrono::hours within,
          std::chrono::milliseconds longest_wait)
      : database_(database), visibility_(visibility), within_(within), longest_wait_(longest_wait) {}

  // True where the public tree shows it already. Throws Error(removal_refused), which says to yank, for a
  // version that is older, or that a requirement of another package's version matches; not_found, forbidden,
  // scope_missing.
  bool remove(std::string_view package, std::string_view version, const Principal& principal,
              const Origin& origin);

 private:
  store::Database& database_;
  VisibilityReader& visibility_;
  std::chrono::hours within_;
  std::chrono::milliseconds longest_wait_;
};

}  // namespace wharf
