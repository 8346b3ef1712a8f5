// SPDX-License-Identifier: MIT
// One change of one package inside of a transaction, in the order in which every change takes its locks: the
// package's row, the accounts' rows that it concerns, whatever else is changed, the journal, the totals. So
// two changes never wait for each other in a circle, and the package's document, its revision, its dependents
// and the journal never disagree.
//
//   auto change = PackageChange::lock(connection, name);   // nothing: no such package
//   … change rows of owners or versions, and change->document() where a version changed …
//   change->save(at);
//   change->append({.action = "owner-add", .actor = principal.username, .at = at});   // last
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/error.hpp"
#include "libwharf/package/index_document.hpp"
#include "registry/services/package_document.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/owners.hpp"
#include "registry/store/packages.hpp"
#include "registry/store/totals.hpp"

namespace wharf {

struct PackageEvent {
  std::string action;
  std::optional<std::string> version;
  std::string actor;
  Time at;
  std::optional<IndexEntry> entry;    // publish
  std::optional<std::string> reason;  // yank, quarantine
};

// What the journal says of it; `head` is the package after the event.
std::string event_body(const PackageEvent& event, const PackageHead& head);

class PackageChange {
 public:
  static std::optional<PackageChange> lock(store::Connection& connection, std::string_view name);
  // The same with its document and what is kept beside it made anew from the rows, for a package where they
  // are damaged; to be followed by save() with the time that it has.
  static std::optional<PackageChange> lock_anew(store::Connection& connection, std::string_view name);
  // A package that this transaction has just made.
  static PackageChange of_new(store::Connection& connection, store::PackageRow row);

  const store::PackageRow& row() const { return row_; }
  // As of the last save().
  const PackageHead& head() const { return head_; }
  PackageDocument& document() { return document_; }
  // As they stand when first asked for after lock() or save().
  const std::vector<store::OwnerRow>& owners();
  // "owner", "maintainer", or nothing.
  std::optional<std::string> role_of(std::int64_t user_id);
  // Takes the package out of sight, or shows it again. It counts from the next save() on.
  void set_quarantine(std::optional<store::Quarantine> quarantine);
  // Owner rows were changed by someone else than this object.
  void owners_changed() { owners_.reset(); }

  // Renders the document and stores it, with what the latest version depends on. `known` is a version's
  // manifest that is at hand; others are read where needed.
  void save(Time at, std::string_view known_version = {}, const Manifest* known = nullptr);
  // Appends the event, gives the package its number as revision and counts what is more or less. The
  // transaction must end soon after.
  std::uint64_t append(const PackageEvent& event);

 private:
  PackageChange(store::Connection& connection, store::PackageRow row, bool is_new);
  store::Totals share() const;
  store::Connection* connection_;
  store::PackageRow row_;
  // What `document_` looks into; moving a change must not move the text.
  std::shared_ptr<const std::string> stored_;
  PackageDocument document_;
  std::optional<std::vector<store::OwnerRow>> owners_;
  PackageHead head_;
  store::Totals counted_;  // what this package's share of the totals was
};

// A version's dependencies as rows, normal ones first.
std::vector<store::DependencyRow> dependency_rows(const Manifest& manifest);

// Throws Error(forbidden) unless the user is an owner (or, where maintainers may, one of these), and
// Error(quarantined) where the package is. The operator may everything.
enum class Needs { owner, maintainer };
void require_role(PackageChange& change, const Principal& principal, Needs needs, std::string_view what);

// Error(quarantined), with the reason, for a package that the operator has taken out of sight.
Error quarantined_package(std::string_view name, const store::Quarantine& quarantine);

// Error(not_found) for a package or version that is not there.
Error no_such_package(std::string_view name);
Error no_such_version(std::string_view name, std::string_view version);

}  // namespace wharf
