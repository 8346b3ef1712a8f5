// SPDX-License-Identifier: MIT
// Yanking: a yanked version is left out of new resolutions, but stays for those that name it already.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/projections/visibility.hpp"
#include "registry/services/principal.hpp"
#include "registry/services/quotas.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/imported.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

struct YankOutcome {
  store::VersionRow version;       // as it is now
  bool changed = false;            // false where it was so already
  bool visible = true;             // the public tree shows it
  std::vector<QuotaState> quotas;  // what is left of the quota that it was counted in
};

class Yanking {
 public:
  Yanking(store::Database& database, VisibilityReader& visibility, std::chrono::milliseconds longest_wait,
          QuotaRules quotas = {})
      : database_(database), visibility_(visibility), longest_wait_(longest_wait), quotas_(quotas) {}

  // Asking for what is so already changes nothing; yanking again with another reason changes the reason. A
  // reason is at most 500 characters. A yank that changes something is counted against the user's quota;
  // taking it back never is. Throws Error: not_found, forbidden, scope_missing, bad_request, QuotaExceeded.
  YankOutcome yank(std::string_view package, std::string_view version,
                   const std::optional<std::string>& reason, const Principal& principal,
                   const Origin& origin);
  YankOutcome unyank(std::string_view package, std::string_view version, const Principal& principal,
                     const Origin& origin);

  // What another registry says of a version that came from there, as of `at`; nothing happens where it says
  // what it said before. The package does not become newer by it than it was there.
  YankOutcome import(std::string_view package, std::string_view version, const store::ForeignKey& from,
                     bool yanked, Time at, const Principal& principal, const Origin& origin);

 private:
  struct Imported {
    const store::ForeignKey& from;
    Time at;
  };
  YankOutcome set(std::string_view package, std::string_view version, bool yanked,
                  const std::optional<std::string>& reason, const Principal& principal, const Origin& origin,
                  const Imported* imported = nullptr);
  store::Database& database_;
  VisibilityReader& visibility_;
  std::chrono::milliseconds longest_wait_;
  QuotaRules quotas_;
};

}  // namespace wharf
