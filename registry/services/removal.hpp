// SPDX-License-Identifier: MIT
// Removing versions: for what should never have been published. Their numbers are never free again; their
// archives go with the next collection of garbage.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/projections/visibility.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

struct RemovalOutcome {
  std::vector<std::string> versions;  // that were removed, ascending
  bool visible = false;               // the public tree shows it already
};

class Removal {
 public:
  // `within`: how long after its publishing a version may be removed.
  Removal(store::Database& database, VisibilityReader& visibility, std::chrono::hours within,
          std::chrono::milliseconds longest_wait)
      : database_(database), visibility_(visibility), within_(within), longest_wait_(longest_wait) {}

  // Whether the operator removes what others depend on, too: their next resolution fails.
  enum class Dependents { refuse, ignore };

  // True where the public tree shows it already. Throws Error(removal_refused), which says to yank, for a
  // version that is older, or that a requirement of another package's version matches; not_found, forbidden,
  // scope_missing. The operator may remove a version of any age.
  bool remove(std::string_view package, std::string_view version, const Principal& principal,
              const Origin& origin, Dependents dependents = Dependents::refuse);

  // All versions, or none, in one transaction; the package stays, with its name and its owners. For the
  // operator alone. Error(not_found) where there is none to remove.
  RemovalOutcome remove_all(std::string_view package, const Principal& principal, const Origin& origin,
                            Dependents dependents = Dependents::refuse);

 private:
  RemovalOutcome run(std::string_view package, std::optional<std::string_view> version,
                     const Principal& principal, const Origin& origin, Dependents dependents);
  store::Database& database_;
  VisibilityReader& visibility_;
  std::chrono::hours within_;
  std::chrono::milliseconds longest_wait_;
};

}  // namespace wharf
