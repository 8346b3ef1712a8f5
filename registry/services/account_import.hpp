// SPDX-License-Identifier: MIT
// Accounts and API tokens of another registry, with the hashes that they had there: names and e-mails are
// held to the rules of a registration, and nobody needs a new password or token. For the operator alone.
//
// A record of where each came from stands in the same transaction: what was imported once is not made again,
// not even where it was deleted or revoked here since.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/imported.hpp"

namespace wharf {

struct ForeignAccount {
  store::ForeignKey key;
  std::string username;
  std::optional<std::string> email;
  std::string password_hash;
  Time created_at;
};

struct ForeignToken {
  store::ForeignKey key;
  std::string name;
  std::string digest;  // hex SHA-256 of the token's whole text
  std::vector<Scope> scopes;
  Time created_at;
  std::optional<Time> expires_at, last_used_at;
};

class AccountImport {
 public:
  AccountImport(store::Database& database, const Principal& who, const Origin& origin)
      : database_(database), who_(who), origin_(origin) {}

  enum class Outcome { imported, known };
  struct Imported {
    Outcome outcome = Outcome::imported;
    std::int64_t id = 0;             // 0 in a dry run that would have made one
    std::string username;            // as it is here
    std::vector<std::string> notes;  // what was left out, and what to do
  };
  // An e-mail that is not of the form or taken, and a hash that cannot be checked, are left out with a note.
  // Error(username_invalid | username_taken); Error(not_found) where it was imported and deleted here since.
  Imported account(const ForeignAccount& account, bool dry_run);
  // Gives what belongs to a foreign account to one that is here. Error(not_found).
  Imported existing(std::string_view username);
  // Error(bad_request) for what is no digest or has no scope that is known here; Error(conflict) where the
  // same token is another account's.
  Outcome token(const ForeignToken& token, std::int64_t user_id, std::string_view username, bool dry_run);

 private:
  bool is_email_free(std::string_view email);
  store::Database& database_;
  const Principal& who_;
  const Origin& origin_;
};

}  // namespace wharf
