// SPDX-License-Identifier: MIT
#include "registry/services/owners.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/text.hpp"
#include "registry/services/account_names.hpp"
#include "registry/services/account_rules.hpp"
#include "registry/services/settle_change.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/users.hpp"

namespace wharf {

namespace {

// The account's row stays locked, so that it cannot be disabled or deleted in between.
store::User require_account(store::Connection& connection, const std::string& username) {
  auto user = lock_account(connection, username);
  if (user.disabled_at)
    throw Error(Code::conflict,
                "the account " + wharf::quoted(username) + " is disabled; choose one that can sign in");
  return user;
}

const store::OwnerRow* find_owner(const std::vector<store::OwnerRow>& owners, std::string_view username) {
  const auto found = std::ranges::find(owners, username, &store::OwnerRow::username);
  return found == owners.end() ? nullptr : &*found;
}

void require_another_owner(PackageChange& change, const std::string& username) {
  const bool another = std::ranges::any_of(change.owners(), [&](const store::OwnerRow& owner) {
    return owner.role == owner_role_name(OwnerRole::owner) && owner.username != username;
  });
  if (!another)
    throw Error(Code::last_owner, wharf::quoted(username) + " is the last owner of package " +
                                      wharf::quoted(change.row().name) + "; add another owner first");
}

std::optional<std::int64_t> id_of(const Principal& principal) {
  return principal.is_operator() ? std::nullopt : std::optional(principal.user_id);
}

}  // namespace

std::string_view owner_role_name(OwnerRole role) {
  return role == OwnerRole::owner ? "owner" : "maintainer";
}

OwnerRole owner_role_from(std::string_view name) {
  for (const OwnerRole role : {OwnerRole::owner, OwnerRole::maintainer})
    if (owner_role_name(role) == name) return role;
  throw Error(Code::bad_request, "the role " + quoted(name) + " is not known; choose owner or maintainer")
      .with("field", "role");
}

std::vector<store::OwnerRow> Owners::list(std::string_view package) {
  auto owners = database_.read(
      [&](store::Connection& connection) { return store::owners_of_package(connection, package); });
  if (!owners) throw no_such_package(package);
  return std::move(*owners);
}

OwnersOutcome Owners::change(std::string_view package, std::string_view what, Needs needs,
                             const Principal& principal, const Origin& origin, const Work& work) {
  require_scope(principal, Scope::owners, package);
  std::uint64_t seq = 0;
  // Set once a COMMIT was reached: a second run that finds everything done is looking at its own work.
  bool was_sent = false;
  auto outcome = settled(database_, [&](store::Connection& connection) {
    auto change = PackageChange::lock(connection, package);
    if (!change) throw no_such_package(package);
    // Whoever gave their own role away has none any more when their work is looked at.
    if (!was_sent) require_role(*change, principal, needs, what);
    OwnersOutcome result;
    result.changed = was_sent;
    const auto step = work(connection, *change, result);
    if (was_sent && step) require_role(*change, principal, needs, what);
    if (step) {
      const Time at = now();
      change->owners_changed();
      change->save(at);
      store::record_audit(connection,
                          {.action = step->action,
                           .actor = principal.username,
                           .subject = std::string(package) + " " + step->username,
                           .address = origin.address,
                           .reason = origin.reason,
                           .request_id = origin.request_id,
                           .detail = step->detail},
                          at);
      failpoint("owners.before_journal");
      change->append({.action = step->action,
                      .version = std::nullopt,
                      .actor = principal.username,
                      .at = at,
                      .entry = std::nullopt,
                      .reason = std::nullopt});
      failpoint("owners.before_commit");
    }
    seq = change->row().revision;
    was_sent = was_sent || step.has_value();
    result.changed = was_sent;
    result.owners = change->owners();
    if (const auto* now_there = find_owner(result.owners, result.subject.username))
      result.subject = *now_there;
    return result;
  });
  failpoint("owners.after_commit");
  outcome.visible = visibility_.wait_until_visible(seq, longest_wait_);
  return outcome;
}

OwnersOutcome Owners::add(std::string_view package, std::string_view username, OwnerRole role,
                          const Principal& principal, const Origin& origin) {
  const std::string name = require_username(username);
  const std::string_view wanted = owner_role_name(role);
  return change(package, "change the owners of", Needs::owner, principal, origin,
                [&](store::Connection& connection, PackageChange& change,
                    OwnersOutcome& outcome) -> std::optional<Step> {
                  const auto user = require_account(connection, name);
                  outcome.subject.username = name;
                  const auto* present = find_owner(change.owners(), name);
                  if (present && present->role == wanted) return std::nullopt;
                  if (!present) {
                    store::insert_owner(connection, change.row().id, user.id, wanted, now(),
                                        id_of(principal));
                  } else {
                    if (role != OwnerRole::owner) require_another_owner(change, name);
                    store::set_owner_role(connection, change.row().id, user.id, wanted);
                  }
                  return Step{"owner-add", name, std::string(wanted)};
                });
}

OwnersOutcome Owners::remove(std::string_view package, std::string_view username, const Principal& principal,
                             const Origin& origin) {
  const std::string name = require_username(username);
  store::OwnerRow removed;
  const Needs needs = name == principal.username ? Needs::maintainer : Needs::owner;
  return change(package, "change the owners of", needs, principal, origin,
                [&](store::Connection& connection, PackageChange& change,
                    OwnersOutcome& outcome) -> std::optional<Step> {
                  const auto* present = find_owner(change.owners(), name);
                  if (!present && outcome.changed) {
                    outcome.subject = removed;
                    return std::nullopt;
                  }
                  if (!present)
                    throw Error(Code::not_found, wharf::quoted(name) + " is no owner of package " +
                                                     wharf::quoted(package) + "; see its list of owners");
                  outcome.subject = removed = *present;
                  if (present->role == owner_role_name(OwnerRole::owner)) require_another_owner(change, name);
                  store::delete_owner(connection, change.row().id, present->user_id);
                  return Step{"owner-remove", name};
                });
}

OwnersOutcome Owners::transfer(std::string_view package, std::string_view username,
                               const Principal& principal, const Origin& origin) {
  const std::string name = require_username(username);
  const std::string_view wanted = owner_role_name(OwnerRole::owner);
  return change(package, "transfer", Needs::owner, principal, origin,
                [&](store::Connection& connection, PackageChange& change,
                    OwnersOutcome& outcome) -> std::optional<Step> {
                  const auto user = require_account(connection, name);
                  outcome.subject.username = name;
                  const auto* present = find_owner(change.owners(), name);
                  if (present && present->role == wanted && change.owners().size() == 1) return std::nullopt;
                  if (!present) {
                    store::insert_owner(connection, change.row().id, user.id, wanted, now(),
                                        id_of(principal));
                  } else {
                    store::set_owner_role(connection, change.row().id, user.id, wanted);
                  }
                  store::delete_other_owners(connection, change.row().id, user.id);
                  return Step{"owner-transfer", name};
                });
}

}  // namespace wharf
