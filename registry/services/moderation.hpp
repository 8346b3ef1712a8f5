// SPDX-License-Identifier: MIT
// Quarantine: the operator takes a package out of sight while it is looked into, or for good. None of its
// versions is served or resolved, no list shows it, its owners can change nothing, its name stays taken. Its
// rows and archives stay, so that a release brings everything back as it was, what the operator did meanwhile
// included.
//
// A package as a whole: what is wrong with a single version is yanked, or removed for good.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "registry/projections/visibility.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/quarantine.hpp"

namespace wharf {

struct ModerationOutcome {
  std::optional<store::Quarantine> quarantine;  // as it is now
  bool changed = false;                         // false where it was so already
  bool visible = true;                          // the public tree shows it
};

class Moderation {
 public:
  Moderation(store::Database& database, VisibilityReader& visibility, std::chrono::milliseconds longest_wait)
      : database_(database), visibility_(visibility), longest_wait_(longest_wait) {}

  // The reason is shown to everyone who asks for the package: at most 500 characters. Asking for what is so
  // already changes nothing; another reason changes the reason and the time. Throws Error: not_found,
  // bad_request, forbidden for whoever is not the operator.
  ModerationOutcome quarantine(std::string_view package, const std::string& reason,
                               const Principal& principal, const Origin& origin);
  ModerationOutcome release(std::string_view package, const Principal& principal, const Origin& origin);

 private:
  ModerationOutcome set(std::string_view package, const std::optional<std::string>& reason,
                        const Principal& principal, const Origin& origin);
  store::Database& database_;
  VisibilityReader& visibility_;
  std::chrono::milliseconds longest_wait_;
};

// Throws Error(forbidden) for whoever is not the operator at the command line.
void require_operator(const Principal& principal, std::string_view what);

}  // namespace wharf
