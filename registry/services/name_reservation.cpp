// SPDX-License-Identifier: MIT
#include "registry/services/name_reservation.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/name.hpp"
#include "registry/services/moderation.hpp"
#include "registry/services/reason.hpp"
#include "registry/services/settle_change.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/packages.hpp"

namespace wharf {

namespace {

constexpr unsigned k_page = 1000;

const std::string* configured_as(std::string_view name, const std::vector<std::string>& configured) {
  const std::string key = confusion_key(name);
  const auto found = std::ranges::find(configured, key, confusion_key);
  return found == configured.end() ? nullptr : &*found;
}

void record(store::Connection& connection, const char* action, std::string_view name,
            const std::optional<std::string>& reason, const Principal& principal, const Origin& origin,
            Time at) {
  store::record_audit(connection,
                      {.action = action,
                       .actor = principal.username,
                       .subject = std::string(name),
                       .address = origin.address,
                       .reason = reason,
                       .request_id = origin.request_id},
                      at);
}

}  // namespace

bool NameReservation::reserve(std::string_view name, const std::optional<std::string>& reason,
                              const Principal& principal, const Origin& origin) {
  require_operator(principal, "reserve names");
  require_package_name(name);
  const auto why = checked_reason(reason);
  const std::string key = confusion_key(name);
  return settled(database_, [&](store::Connection& connection) {
    const auto there = store::hold_reserved_name(connection, key);
    if (there && there->name != name)
      throw Error(Code::conflict, "the name " + wharf::quoted(name) +
                                      " is kept free already by the reserved " + wharf::quoted(there->name) +
                                      "; nobody can publish to it");
    if (there && there->reason == why) return false;
    const Time at = now();
    if (there) store::delete_reserved_name(connection, name);
    // The row first, and then the look at the packages: see hold_reserved_name().
    try {
      store::insert_reserved_name(connection, {std::string(name), why, principal.username, at}, key);
    } catch (const store::DatabaseError& error) {
      if (error.kind != store::DatabaseError::Kind::duplicate_key) throw;
      throw store::DatabaseError(store::DatabaseError::Kind::deadlock, error.number, error.what());
    }
    if (const auto package = store::hold_package_with_confusion_key(connection, key))
      throw Error(Code::conflict, "there is a package " + wharf::quoted(*package) +
                                      " already; quarantine it to keep its name, or transfer it to another "
                                      "owner")
          .with("package", *package);
    record(connection, "reserve", name, why, principal, origin, at);
    failpoint("reserve.before_commit");
    return true;
  });
}

void NameReservation::unreserve(std::string_view name, const Principal& principal, const Origin& origin) {
  require_operator(principal, "free reserved names");
  require_package_name(name);
  const auto why = checked_reason(origin.reason);
  bool again = false;
  settled(database_, [&](store::Connection& connection) {
    const bool first = !std::exchange(again, true);
    const auto there = store::hold_reserved_name(connection, confusion_key(name));
    if (there && there->name == name) {
      store::delete_reserved_name(connection, name);
      record(connection, "unreserve", name, why, principal, origin, now());
      return;
    }
    if (!first) return;  // done by the transaction whose COMMIT went unanswered
    if (there)
      throw Error(Code::not_found, "the name " + wharf::quoted(name) + " is kept free by the reserved " +
                                       wharf::quoted(there->name) + "; unreserve that");
    if (const auto* listed = configured_as(name, configured_))
      throw Error(Code::not_found, "the name " + wharf::quoted(name) + " is reserved by " +
                                       wharf::quoted(*listed) +
                                       " in the configuration; take it out of publish.reserved_names");
    throw Error(Code::not_found, "the name " + wharf::quoted(name) + " is not reserved");
  });
}

std::vector<store::ReservedName> NameReservation::reserved() {
  return database_.read([&](store::Connection& connection) {
    std::vector<store::ReservedName> all;
    for (std::string last;;) {
      auto page = store::reserved_names(connection, last, k_page);
      if (page.empty()) return all;
      last = page.back().name;
      std::ranges::move(page, std::back_inserter(all));
    }
  });
}

void require_unreserved(store::Connection& connection, std::string_view name,
                        const std::vector<std::string>& configured) {
  const auto refuse = [&](const std::string& because) {
    return Error(Code::name_reserved,
                 "the name " + wharf::quoted(name) + " is reserved" + because + "; choose another");
  };
  if (is_always_reserved(name)) throw refuse("");
  if (const auto* listed = configured_as(name, configured))
    throw *listed == name ? refuse("") : refuse(", since it is too similar to " + wharf::quoted(*listed));
  const auto there = store::hold_reserved_name(connection, confusion_key(name));
  if (!there) return;
  std::string because =
      there->name == name ? "" : ", since it is too similar to " + wharf::quoted(there->name);
  if (there->reason) because += ": " + *there->reason;
  auto error = refuse(because);
  error.with("reserved", there->name);
  if (there->reason) error.with("reason", *there->reason);
  throw error;
}

}  // namespace wharf
