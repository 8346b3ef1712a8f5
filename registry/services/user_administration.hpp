// SPDX-License-Identifier: MIT
// What the operator does with accounts. Everything here throws Error(forbidden) for anyone else, folds names
// on the way in, and throws Error(username_invalid) or Error(not_found) for what is no account's. Each call
// that changes something leaves exactly one row in the audit log, in the same transaction; what is so already
// is not changed again, and leaves none. The rules of passwords, names and e-mails are those of Accounts.
//
// Whatever is changed counts from the next request on, since every request asks the database for its account.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/crypto/hash_slots.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/services/accounts.hpp"
#include "registry/services/tokens.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/user_list.hpp"

namespace wharf {

using store::ListedUser;
using store::UserFilter;

struct NewAccount {
  std::string username;
  std::string password;
  std::optional<std::string> email;
  Role role = Role::user;
};

std::string_view role_name(Role role);

class UserAdministration {
 public:
  UserAdministration(store::Database& database, HashSlots& slots, VisibilityReader& visibility,
                     std::chrono::milliseconds longest_wait)
      : database_(database), slots_(slots), visibility_(visibility), longest_wait_(longest_wait) {}

  // Whether registration is open or closed. Error(email_invalid | password_unacceptable | username_taken |
  // email_taken).
  Account add(const Principal& who, const NewAccount& wanted, const Origin& origin);

  // Every session ends; API tokens stay. Returns how many sessions ended. Error(password_unacceptable).
  std::uint64_t set_password(const Principal& who, std::string_view username, std::string_view password,
                             const Origin& origin);

  // While an account is disabled nothing of it is accepted: no login, no session, no token. Its packages
  // stay. False where it was so already.
  bool disable(const Principal& who, std::string_view username, const Origin& origin);
  // Its tokens work again; its sessions are over, so that one who should not have one has to sign in.
  bool enable(const Principal& who, std::string_view username, const Origin& origin);
  bool set_role(const Principal& who, std::string_view username, Role role, const Origin& origin);

  // Takes the account out of all packages; those without another owner go to the heir. What stays is the
  // name, which nobody can have again, in the database and in the history of packages. Error(last_owner) that
  // names packages without another owner where there is no heir; Error(not_found | conflict) for an heir who
  // is not there, is disabled, or is the account itself.
  struct Deletion {
    std::string username;
    std::vector<std::string> handed_over;  // to the heir
    std::vector<std::string> left;         // to their other owners
    std::uint64_t sessions = 0, tokens = 0;
    bool visible = true;  // the public tree shows it
  };
  Deletion remove(const Principal& who, std::string_view username,
                  const std::optional<std::string>& transfer_to, const Origin& origin);

  // By name, at most `limit` of those after the name `after` (empty: from the first).
  std::vector<ListedUser> list(const Principal& who, const UserFilter& filter, std::string_view after,
                               unsigned limit);

  // Deleted accounts, too: these have neither packages nor tokens.
  struct Details {
    ListedUser user;
    std::vector<UserPackage> packages;
    std::vector<TokenInfo> tokens;
  };
  Details show(const Principal& who, std::string_view username);

 private:
  struct Handover;
  Deletion remove_in(store::Connection& connection, const Principal& who, const std::string& username,
                     const std::optional<std::string>& heir, const Origin& origin, std::uint64_t& last_event);

  store::Database& database_;
  HashSlots& slots_;
  VisibilityReader& visibility_;
  std::chrono::milliseconds longest_wait_;
};

}  // namespace wharf
