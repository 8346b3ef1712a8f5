// SPDX-License-Identifier: MIT
// Accounts and their sessions: register, sign in, refresh, sign out, change the password.
//
// Names and e-mails are folded here (account_names.hpp). A password is hashed outside of any transaction, and
// only while the machine has a free slot for it; without one within a second: Error(unavailable). A sign-in
// that fails says the same, and costs the same, whether the account exists or not. Every call that changes
// something leaves its row in the audit log, in the same transaction; no password, session token or hash
// enters a row there, a message or the log.
//
// A session token is a JWT whose `jti` is a row of `sessions`: it counts as long as the row is there, in
// every worker.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/crypto/hash_slots.hpp"
#include "libwharf/crypto/jwt.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/users.hpp"

namespace wharf {

using store::UserPackage;
using store::UserProfile;

struct Account {
  std::int64_t id = 0;
  std::string username;
  std::optional<std::string> email;
  Role role = Role::user;
  Time created_at;
};

struct SignedIn {
  Account account;
  std::string token;
  Time expires_at;
};

struct Registration {
  std::string username;
  std::string password;
  std::optional<std::string> email;
};

class Accounts {
 public:
  struct Settings {
    bool registration_open = true;
    std::chrono::days session_lifetime{30};
  };

  Accounts(store::Database& database, const JwtKeys& keys, HashSlots& slots, Settings settings)
      : database_(database), keys_(keys), slots_(slots), settings_(settings) {}

  // Error(registration_closed | username_invalid | email_invalid | password_unacceptable | username_taken |
  // email_taken).
  SignedIn register_account(const Registration& wanted, const Origin& origin);

  // By user name, or by e-mail where there is an `@` in it. Error(invalid_credentials);
  // Error(account_disabled), but only after the right password. A hash of another form than today's is
  // replaced on the way.
  SignedIn login(std::string_view name, std::string_view password, const Origin& origin);

  // A new session in place of this one, which stops working. Of two that try at once one gets
  // Error(unauthorized).
  SignedIn refresh(const Principal& who, const Origin& origin);
  void logout(const Principal& who, const Origin& origin);

  // Every other session ends. API tokens stay: they are not derived from the password, and what runs
  // unattended shall not break; who fears for one revokes it. Error(invalid_credentials |
  // password_unacceptable | conflict).
  void change_password(const Principal& who, std::string_view current, std::string_view wanted,
                       const Origin& origin);

  // The signed-in account itself.
  Account account(const Principal& who);
  // With the first k_profile_packages packages by name. Nothing where nobody is called so;
  // Error(username_invalid) where nobody can be.
  static constexpr std::uint64_t k_profile_packages = 1000;
  std::optional<UserProfile> profile(std::string_view username, store::Quarantined quarantined);

 private:
  struct NewSession;
  NewSession new_session() const;
  SignedIn signed_in(const store::User& user, const NewSession& session) const;
  std::optional<SignedIn> try_login(std::string_view name, std::string_view password, const Origin& origin);
  void note_failure(std::string_view action, const std::optional<std::string>& account,
                    std::string_view reason, const Origin& origin);
  void forget_expired_sessions();

  store::Database& database_;
  const JwtKeys& keys_;
  HashSlots& slots_;
  Settings settings_;
};

}  // namespace wharf
