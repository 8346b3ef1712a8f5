// SPDX-License-Identifier: MIT
// Who may do what with a package: owners may everything, maintainers publish and yank. A package always has
// an owner.
//
// Changing them needs the scope `owners` and the role of an owner; the operator may always. Every change is a
// change of the package: one event of the journal (`owner-add`, also for another role; `owner-remove`;
// `owner-transfer`) and one row of the audit log. What is so already is not changed again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/projections/visibility.hpp"
#include "registry/services/package_change.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/owners.hpp"

namespace wharf {

enum class OwnerRole { owner, maintainer };
std::string_view owner_role_name(OwnerRole role);
// Error(bad_request) for another word.
OwnerRole owner_role_from(std::string_view name);

struct OwnersOutcome {
  store::OwnerRow subject;              // whom it was about, as they are now; as they were, where removed
  std::vector<store::OwnerRow> owners;  // after it, by name
  bool changed = false;                 // false where it was so already
  bool visible = true;                  // the public tree shows it
};

class Owners {
 public:
  Owners(store::Database& database, VisibilityReader& visibility, std::chrono::milliseconds longest_wait)
      : database_(database), visibility_(visibility), longest_wait_(longest_wait) {}

  // By name. Error(not_found).
  std::vector<store::OwnerRow> list(std::string_view package);

  // Gives a user that role, whichever they had. User names are folded. Throws Error: not_found (the package,
  // the user), username_invalid, conflict (the account is disabled), last_owner (the only owner would become
  // a maintainer), forbidden, scope_missing.
  OwnersOutcome add(std::string_view package, std::string_view username, OwnerRole role,
                    const Principal& principal, const Origin& origin);

  // Takes a user's role away. Maintainers may remove themselves, and so may owners while another is there.
  // Throws Error: not_found (also a user without a role), last_owner, forbidden, scope_missing.
  OwnersOutcome remove(std::string_view package, std::string_view username, const Principal& principal,
                       const Origin& origin);

  // Makes a user the only one who has a role at all. Throws as add().
  OwnersOutcome transfer(std::string_view package, std::string_view username, const Principal& principal,
                         const Origin& origin);

 private:
  // What one change does between the package's lock and its event: changes rows, and says what it was;
  // nothing where all is so already. The outcome that it fills in says `changed` where an earlier run, whose
  // COMMIT went unanswered, may have been the one that did it.
  struct Step {
    std::string action, username;
    std::optional<std::string> detail = {};
  };
  using Work = std::function<std::optional<Step>(store::Connection&, PackageChange&, OwnersOutcome&)>;
  OwnersOutcome change(std::string_view package, std::string_view what, Needs needs,
                       const Principal& principal, const Origin& origin, const Work& work);

  store::Database& database_;
  VisibilityReader& visibility_;
  std::chrono::milliseconds longest_wait_;
};

}  // namespace wharf
