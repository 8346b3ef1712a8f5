// SPDX-License-Identifier: MIT
// From a lock to packages in their places: what is missing is fetched, checked, and put in place together
// with lock and manifest, or nothing is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/install/install.hpp"
#include "client/registry/index.hpp"
#include "client/solve/plan.hpp"
#include "client/solve/workplace.hpp"

namespace wharf::client {

struct Order {
  std::vector<LockedPackage> packages;  // all that shall be installed
  const Lock* lock = nullptr;           // to be written; null: the lock stays
  std::optional<std::string> manifest;  // its new text
};

struct Carried {
  InstallReport report;
  std::size_t fetched = 0;
  bool lock_changed = false;
  std::vector<std::string> warnings;
};

// `index` may have been asked nothing: what must be fetched is then looked up in it, for a word of warning
// and for the checksums that the registry has now. Throws IntegrityError where these are not the lock's.
Carried carry_out(const Workplace& workplace, const Asked& asked, Index& index, const Order& order);

}  // namespace wharf::client
