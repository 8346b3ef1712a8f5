// SPDX-License-Identifier: MIT
// UserAdministration::remove(): one transaction over all packages of the account, so that nobody ever sees it
// half deleted. Locks are taken in the order that every change of a package keeps: the packages by name, the
// accounts, the journal last.
#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/password.hpp"
#include "registry/services/account_names.hpp"
#include "registry/services/account_rules.hpp"
#include "registry/services/owners.hpp"
#include "registry/services/package_change.hpp"
#include "registry/services/settle.hpp"
#include "registry/services/user_administration.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/sessions.hpp"
#include "registry/store/tokens.hpp"

namespace wharf {

namespace {

constexpr std::size_t k_most_named = 20;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < k_most_named; ++i)
    text.append(text.empty() ? "" : ", ").append(wharf::quoted(names[i]));
  if (names.size() > k_most_named) text += " and " + std::to_string(names.size() - k_most_named) + " more";
  return text;
}

// What was read before the locks were taken is no longer so: the transaction runs again.
store::DatabaseError changed_meanwhile() {
  return {store::DatabaseError::Kind::deadlock, 0, "the account's packages changed"};
}

bool has_another_owner(PackageChange& change, std::int64_t user_id) {
  return std::ranges::any_of(change.owners(), [&](const store::OwnerRow& owner) {
    return owner.role == owner_role_name(OwnerRole::owner) && owner.user_id != user_id;
  });
}

std::vector<PackageChange> lock_packages(store::Connection& connection, std::int64_t user_id) {
  std::vector<PackageChange> changes;
  for (const auto& name : store::packages_with_role(connection, user_id)) {
    auto change = PackageChange::lock(connection, name);
    if (!change) throw changed_meanwhile();
    changes.push_back(std::move(*change));
  }
  return changes;
}

std::vector<std::string> names_of(std::vector<PackageChange>& changes) {
  std::vector<std::string> names;
  for (auto& change : changes) names.push_back(change.row().name);
  return names;
}

store::User lock_heir(store::Connection& connection, const std::string& heir) {
  auto user = lock_account(connection, heir);
  if (user.disabled_at)
    throw Error(Code::conflict,
                "the account " + wharf::quoted(heir) + " is disabled; choose one that can sign in");
  return user;
}

}  // namespace

UserAdministration::Deletion UserAdministration::remove_in(store::Connection& connection,
                                                           const Principal& who, const std::string& username,
                                                           const std::optional<std::string>& heir,
                                                           const Origin& origin, std::uint64_t& last_event) {
  const auto found = store::user_by_name(connection, username);
  if (!found) throw no_such_user(username);
  auto changes = lock_packages(connection, found->id);
  // Two deletions that name each other's accounts take these locks in the same order.
  std::optional<store::User> heir_row;
  if (heir && *heir < username) heir_row = lock_heir(connection, *heir);
  const auto user = lock_account(connection, username);
  if (heir && *heir > username) heir_row = lock_heir(connection, *heir);
  if (user.id != found->id || store::packages_with_role(connection, user.id) != names_of(changes))
    throw changed_meanwhile();

  Deletion done;
  done.username = username;
  std::vector<std::string> without_owner;
  for (auto& change : changes) {
    // A maintainer who goes leaves no package alone.
    const bool stays_owned =
        has_another_owner(change, user.id) || change.role_of(user.id) != owner_role_name(OwnerRole::owner);
    (stays_owned ? done.left : heir_row ? done.handed_over : without_owner).push_back(change.row().name);
  }
  if (!without_owner.empty())
    throw Error(Code::last_owner, wharf::quoted(username) + " is the only owner of " + listed(without_owner) +
                                      "; add another owner to each, or name an heir with --transfer-to");

  const Time at = now();
  for (auto& change : changes) {
    const auto id = change.row().id;
    const bool goes_to_heir = std::ranges::binary_search(done.handed_over, change.row().name);
    if (goes_to_heir && change.role_of(heir_row->id))
      store::set_owner_role(connection, id, heir_row->id, owner_role_name(OwnerRole::owner));
    else if (goes_to_heir)
      store::insert_owner(connection, id, heir_row->id, owner_role_name(OwnerRole::owner), at, std::nullopt);
    store::delete_owner(connection, id, user.id);
    change.owners_changed();
    change.save(at);
  }
  done.tokens = store::delete_api_tokens_of(connection, user.id);
  done.sessions = store::delete_sessions_of(connection, user.id);
  store::mark_deleted(connection, user.id, impossible_password_hash(), at);
  std::string detail = std::to_string(done.left.size()) + " packages left";
  if (heir) detail += ", " + std::to_string(done.handed_over.size()) + " handed over to " + *heir;
  if (!done.handed_over.empty()) detail += ": " + listed(done.handed_over);
  store::record_audit(connection,
                      {.action = "user-delete",
                       .actor = who.username,
                       .subject = username,
                       .address = origin.address,
                       .reason = origin.reason,
                       .request_id = origin.request_id,
                       .detail = detail},
                      at);
  failpoint("user_delete.before_journal");
  for (auto& change : changes)
    last_event = change.append({.action = std::ranges::binary_search(done.handed_over, change.row().name)
                                              ? "owner-transfer"
                                              : "owner-remove",
                                .version = std::nullopt,
                                .actor = who.username,
                                .at = at,
                                .entry = std::nullopt,
                                .reason = std::nullopt});
  failpoint("user_delete.before_commit");
  return done;
}

UserAdministration::Deletion UserAdministration::remove(const Principal& who, std::string_view username,
                                                        const std::optional<std::string>& transfer_to,
                                                        const Origin& origin) {
  require_operator(who);
  const std::string name = require_username(username);
  std::optional<std::string> heir;
  if (transfer_to) heir = require_username(*transfer_to);
  if (heir == name)
    throw Error(Code::conflict, "the packages of " + wharf::quoted(name) +
                                    " cannot go to the account that is deleted; name another one");
  Deletion done;
  std::uint64_t last_event = 0;
  settle(
      database_, [&](store::Connection& c) { done = remove_in(c, who, name, heir, origin, last_event); },
      [&](store::Connection& c) {
        const auto user = store::listed_user(c, name, now());
        return user && user->deleted_at;
      });
  if (last_event > 0) done.visible = visibility_.wait_until_visible(last_event, longest_wait_);
  return done;
}

}  // namespace wharf
