// SPDX-License-Identifier: MIT
// Names that nobody may publish to: route words and Windows device names always, those of the configuration,
// and those that the operator reserved. Each keeps away every name that a person would confuse with it
// (confusion_key()), so that a reserved `foo-bar` is no `foo_bar` either. A reservation is for names that are
// free; who wants to keep one that is taken quarantines the package.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/reserved_names.hpp"

namespace wharf {

class NameReservation {
 public:
  // `configured`: publish.reserved_names.
  NameReservation(store::Database& database, std::vector<std::string> configured)
      : database_(database), configured_(std::move(configured)) {}

  // False where the name is reserved already, with the same reason; another reason takes its place. The
  // reason, where there is one, is shown to whoever tries to publish. Throws Error: name_invalid; conflict
  // where a package has that name or a similar one, or a similar one is reserved; bad_request, forbidden.
  bool reserve(std::string_view name, const std::optional<std::string>& reason, const Principal& principal,
               const Origin& origin);
  // Throws Error: not_found where the operator did not reserve exactly this name, forbidden.
  void unreserve(std::string_view name, const Principal& principal, const Origin& origin);

  // By name; those that the operator reserved.
  std::vector<store::ReservedName> reserved();
  const std::vector<std::string>& configured() const { return configured_; }

 private:
  store::Database& database_;
  std::vector<std::string> configured_;
};

// Throws Error(name_reserved), with the reason where there is one. Within the transaction that has inserted
// the package of that name: see store::hold_reserved_name().
void require_unreserved(store::Connection& connection, std::string_view name,
                        const std::vector<std::string>& configured);

}  // namespace wharf
