// SPDX-License-Identifier: MIT
#include "registry/services/accounts.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/password.hpp"
#include "libwharf/crypto/random.hpp"
#include "registry/services/account_names.hpp"
#include "registry/services/account_rules.hpp"
#include "registry/services/settle.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/sessions.hpp"

namespace wharf {

namespace {

constexpr std::size_t k_session_id_length = 22;  // base62: 131 bits
constexpr unsigned k_expired_at_once = 100;
constexpr int k_login_attempts = 3;

Error wrong_credentials() {
  return Error(Code::invalid_credentials,
               "the user name, e-mail or password is wrong; check them and try again");
}

Role role_from(std::string_view text) {
  return text == "admin" ? Role::admin : Role::user;
}

Account account_of(const store::User& user) {
  return {user.id, user.username, user.email, role_from(user.role), user.created_at};
}

// What a person typed at "user name" or "e-mail". What is of neither form can be no account's, and is not
// looked up.
std::optional<store::User> find_user(store::Connection& connection, std::string_view name) {
  const std::string folded = fold(name);
  if (is_email(folded)) return store::user_by_email(connection, folded);
  if (is_username(folded)) return store::user_by_name(connection, folded);
  return std::nullopt;
}

bool session_counts(store::Connection& connection, const std::string& id) {
  return store::session_with_user(connection, id).has_value();
}

}  // namespace

struct Accounts::NewSession {
  std::string id;
  Time created_at;  // whole seconds, as the token can say
  Time expires_at;
  store::Session row(std::int64_t user_id) const { return {id, user_id, created_at, expires_at}; }
};

Accounts::NewSession Accounts::new_session() const {
  const Time at = std::chrono::floor<std::chrono::seconds>(now());
  return {random_base62(k_session_id_length), at, at + settings_.session_lifetime};
}

SignedIn Accounts::signed_in(const store::User& user, const NewSession& session) const {
  return {account_of(user),
          keys_.sign({std::to_string(user.id), session.id, session.created_at, session.expires_at}),
          session.expires_at};
}

void Accounts::note_failure(std::string_view action, const std::optional<std::string>& account,
                            std::string_view reason, const Origin& origin) {
  settle(
      database_,
      [&](store::Connection& c) {
        store::record_audit(c,
                            {std::string(action), std::nullopt, account, origin.address, std::string(reason),
                             origin.request_id},
                            now());
      },
      [](store::Connection&) { return true; });
}

void Accounts::forget_expired_sessions() {
  // They count no more as it is; this only keeps the table small, and may wait for the next sign-in.
  try {
    database_.read(
        [&](store::Connection& c) { return store::delete_expired_sessions(c, now(), k_expired_at_once); });
  } catch (const std::exception& error) {
    log::warning("expired sessions were not removed", {{"because", error.what()}});
  }
}

SignedIn Accounts::register_account(const Registration& wanted, const Origin& origin) {
  if (!settings_.registration_open)
    throw Error(Code::registration_closed,
                "this registry does not take new accounts by itself; ask its operator for one");
  store::User user;
  user.username = require_username(wanted.username);
  if (wanted.email) user.email = require_email(*wanted.email);
  user.password_hash = hash_new_password(slots_, wanted.password, user.username);
  user.role = "user";
  user.created_at = now();
  const NewSession session = new_session();
  try {
    settle(
        database_,
        [&](store::Connection& c) {
          user.id = store::insert_user(c, user);
          store::insert_session(c, session.row(user.id));
          store::record_audit(
              c, {"register", user.username, user.username, origin.address, std::nullopt, origin.request_id},
              user.created_at);
        },
        [&](store::Connection& c) { return session_counts(c, session.id); });
  } catch (const store::DatabaseError& error) {
    refuse_taken_account(error, user.username);
    throw;
  }
  return signed_in(user, session);
}

SignedIn Accounts::login(std::string_view name, std::string_view password, const Origin& origin) {
  for (int attempt = 0; attempt < k_login_attempts; ++attempt)
    if (auto done = try_login(name, password, origin)) return std::move(*done);
  throw Error(Code::unavailable, "the account is being changed at this moment; please try again").retry_in(1);
}

// Nothing where the stored hash changed while the password was being checked.
std::optional<SignedIn> Accounts::try_login(std::string_view name, std::string_view password,
                                            const Origin& origin) {
  auto user = database_.read([&](store::Connection& c) { return find_user(c, name); });
  PasswordCheck check;
  std::string better_hash;
  {
    const auto slot = require_slot(slots_);
    check = check_password(password, user ? user->password_hash : impossible_password_hash());
    if (user && check.matches && check.outdated && !user->disabled_at) better_hash = hash_password(password);
  }
  if (!user || !check.matches) {
    // What was typed is not kept, known account or not: people type passwords into the wrong field.
    note_failure("login-failed", user ? std::optional(user->username) : std::nullopt,
                 user ? "wrong password" : "no such account", origin);
    throw wrong_credentials();
  }
  if (user->disabled_at) {
    note_failure("login-failed", user->username, "the account is disabled", origin);
    throw Error(Code::account_disabled, "this account is disabled; ask the registry's operator");
  }
  const NewSession session = new_session();
  bool changed = false;
  settle(
      database_,
      [&](store::Connection& c) {
        const auto locked = store::lock_user(c, user->id);
        changed = !locked || locked->disabled_at || locked->password_hash != user->password_hash;
        if (changed) return;
        if (!better_hash.empty()) store::set_password_hash(c, user->id, better_hash, now());
        store::insert_session(c, session.row(user->id));
        store::record_audit(
            c, {"login", user->username, user->username, origin.address, std::nullopt, origin.request_id},
            session.created_at);
      },
      [&](store::Connection& c) { return changed || session_counts(c, session.id); });
  if (changed) return std::nullopt;
  forget_expired_sessions();
  return signed_in(*user, session);
}

SignedIn Accounts::refresh(const Principal& who, const Origin& origin) {
  require_session(who);
  const NewSession session = new_session();
  std::optional<store::User> user;
  settle(
      database_,
      [&](store::Connection& c) {
        user = store::lock_user(c, who.user_id);
        if (!user || !store::delete_session(c, who.session_id))
          throw Error(Code::unauthorized, "this session has ended; sign in again");
        store::insert_session(c, session.row(who.user_id));
        store::record_audit(
            c,
            {"session-refresh", who.username, who.username, origin.address, std::nullopt, origin.request_id},
            session.created_at);
      },
      [&](store::Connection& c) { return session_counts(c, session.id); });
  return signed_in(*user, session);
}

void Accounts::logout(const Principal& who, const Origin& origin) {
  require_session(who);
  settle(
      database_,
      [&](store::Connection& c) {
        if (!store::delete_session(c, who.session_id))
          throw Error(Code::unauthorized, "this session has ended already");
        store::record_audit(
            c, {"logout", who.username, who.username, origin.address, std::nullopt, origin.request_id},
            now());
      },
      [&](store::Connection& c) { return !session_counts(c, who.session_id); });
}

void Accounts::change_password(const Principal& who, std::string_view current, std::string_view wanted,
                               const Origin& origin) {
  require_session(who);
  require_acceptable_password(wanted, who.username);
  const auto user =
      database_.read([&](store::Connection& c) { return store::user_by_name(c, who.username); });
  if (!user) throw Error(Code::unauthorized, "this account is gone");
  std::string hash;
  {
    const auto slot = require_slot(slots_);
    if (check_password(current, user->password_hash).matches) hash = hash_password(wanted);
  }
  if (hash.empty()) {
    note_failure("password-change-failed", who.username, "wrong current password", origin);
    throw Error(Code::invalid_credentials, "the current password is wrong; check it and try again");
  }
  settle(
      database_,
      [&](store::Connection& c) {
        const auto locked = store::lock_user(c, user->id);
        if (!locked || locked->password_hash != user->password_hash)
          throw Error(Code::conflict, "the password was changed a moment ago; sign in with the new one");
        store::set_password_hash(c, user->id, hash, now());
        const auto ended = store::delete_other_sessions(c, user->id, who.session_id);
        store::record_audit(c,
                            {"password-change", who.username, who.username, origin.address,
                             std::to_string(ended) + " other sessions ended", origin.request_id},
                            now());
      },
      [&](store::Connection& c) {
        const auto after = store::user_by_name(c, who.username);
        return after && after->password_hash == hash;
      });
}

Account Accounts::account(const Principal& who) {
  const auto user =
      database_.read([&](store::Connection& c) { return store::user_by_name(c, who.username); });
  if (!user) throw Error(Code::unauthorized, "this account is gone");
  return account_of(*user);
}

std::optional<UserProfile> Accounts::profile(std::string_view username, store::Quarantined quarantined) {
  const std::string folded = require_username(username);
  return database_.read(
      [&](store::Connection& c) { return store::user_profile(c, folded, quarantined, k_profile_packages); });
}

}  // namespace wharf
