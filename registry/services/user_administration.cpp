// SPDX-License-Identifier: MIT
#include "registry/services/user_administration.hpp"

#include <limits>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "registry/services/account_names.hpp"
#include "registry/services/account_rules.hpp"
#include "registry/services/settle.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/sessions.hpp"

namespace wharf {

namespace {

constexpr std::uint64_t k_all_packages = std::numeric_limits<std::int64_t>::max();

void record(store::Connection& connection, std::string_view action, const Principal& who,
            const std::string& username, const Origin& origin, std::optional<std::string> detail, Time at) {
  store::record_audit(connection,
                      {.action = std::string(action),
                       .actor = who.username,
                       .subject = username,
                       .address = origin.address,
                       .reason = origin.reason,
                       .request_id = origin.request_id,
                       .detail = std::move(detail)},
                      at);
}

std::string counted(std::uint64_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace

std::string_view role_name(Role role) {
  return role == Role::admin ? "admin" : "user";
}

Account UserAdministration::add(const Principal& who, const NewAccount& wanted, const Origin& origin) {
  require_operator(who);
  store::User user;
  user.username = require_username(wanted.username);
  if (wanted.email) user.email = require_email(*wanted.email);
  user.password_hash = hash_new_password(slots_, wanted.password, user.username);
  user.role = role_name(wanted.role);
  user.created_at = now();
  try {
    settle(
        database_,
        [&](store::Connection& c) {
          user.id = store::insert_user(c, user);
          record(c, "user-add", who, user.username, origin, "role " + user.role, user.created_at);
        },
        [&](store::Connection& c) {
          const auto there = store::user_by_name(c, user.username);
          return there && there->password_hash == user.password_hash;
        });
  } catch (const store::DatabaseError& error) {
    refuse_taken_account(error, user.username);
    throw;
  }
  return {user.id, user.username, user.email, wanted.role, user.created_at};
}

std::uint64_t UserAdministration::set_password(const Principal& who, std::string_view username,
                                               std::string_view password, const Origin& origin) {
  require_operator(who);
  const std::string name = require_username(username);
  // Who is not there costs no hash.
  if (!database_.read([&](store::Connection& c) { return store::user_by_name(c, name); }))
    throw no_such_user(name);
  const std::string hash = hash_new_password(slots_, password, name);
  std::uint64_t ended = 0;
  settle(
      database_,
      [&](store::Connection& c) {
        const auto user = lock_account(c, name);
        const Time at = now();
        store::set_password_hash(c, user.id, hash, at);
        ended = store::delete_sessions_of(c, user.id);
        record(c, "password-reset", who, name, origin, counted(ended, "session") + " ended", at);
      },
      [&](store::Connection& c) {
        const auto user = store::user_by_name(c, name);
        return user && user->password_hash == hash;
      });
  return ended;
}

bool UserAdministration::disable(const Principal& who, std::string_view username, const Origin& origin) {
  require_operator(who);
  const std::string name = require_username(username);
  bool changed = false;
  settle(
      database_,
      [&](store::Connection& c) {
        const auto user = lock_account(c, name);
        changed = !user.disabled_at;
        if (!changed) return;
        const Time at = now();
        store::set_disabled(c, user.id, at, at);
        record(c, "user-disable", who, name, origin, std::nullopt, at);
      },
      [&](store::Connection& c) {
        const auto user = store::user_by_name(c, name);
        return user && user->disabled_at;
      });
  return changed;
}

bool UserAdministration::enable(const Principal& who, std::string_view username, const Origin& origin) {
  require_operator(who);
  const std::string name = require_username(username);
  bool changed = false;
  settle(
      database_,
      [&](store::Connection& c) {
        const auto user = lock_account(c, name);
        changed = user.disabled_at.has_value();
        if (!changed) return;
        const Time at = now();
        store::set_disabled(c, user.id, std::nullopt, at);
        const auto ended = store::delete_sessions_of(c, user.id);
        record(c, "user-enable", who, name, origin, counted(ended, "session") + " ended", at);
      },
      [&](store::Connection& c) {
        const auto user = store::user_by_name(c, name);
        return user && !user->disabled_at;
      });
  return changed;
}

bool UserAdministration::set_role(const Principal& who, std::string_view username, Role role,
                                  const Origin& origin) {
  require_operator(who);
  const std::string name = require_username(username);
  const std::string wanted(role_name(role));
  bool changed = false;
  settle(
      database_,
      [&](store::Connection& c) {
        const auto user = lock_account(c, name);
        changed = user.role != wanted;
        if (!changed) return;
        const Time at = now();
        store::set_role(c, user.id, wanted, at);
        record(c, "user-role", who, name, origin, user.role + " to " + wanted, at);
      },
      [&](store::Connection& c) {
        const auto user = store::user_by_name(c, name);
        return user && user->role == wanted;
      });
  return changed;
}

std::vector<ListedUser> UserAdministration::list(const Principal& who, const UserFilter& filter,
                                                 std::string_view after, unsigned limit) {
  require_operator(who);
  return database_.read(
      [&](store::Connection& c) { return store::list_users(c, filter, after, limit, now()); });
}

UserAdministration::Details UserAdministration::show(const Principal& who, std::string_view username) {
  require_operator(who);
  const std::string name = require_username(username);
  auto user = database_.read([&](store::Connection& c) { return store::listed_user(c, name, now()); });
  if (!user) throw no_such_user(name);
  Details details{std::move(*user), {}, {}};
  if (details.user.deleted_at) return details;
  if (auto profile = database_.read([&](store::Connection& c) {
        return store::user_profile(c, name, store::Quarantined::shown, k_all_packages);
      }))
    details.packages = std::move(profile->packages);
  details.tokens = Tokens(database_).list_of(name);
  return details;
}

}  // namespace wharf
