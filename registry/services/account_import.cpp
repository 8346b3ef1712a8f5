// SPDX-License-Identifier: MIT
#include "registry/services/account_import.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/password.hpp"
#include "registry/services/account_names.hpp"
#include "registry/services/settle.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/tokens.hpp"
#include "registry/store/user_list.hpp"
#include "registry/store/users.hpp"

namespace wharf {

namespace {

// Of no form, so that no password matches it.
constexpr std::string_view k_no_password = "!";

}  // namespace

bool AccountImport::is_email_free(std::string_view email) {
  return !database_.read([&](store::Connection& c) { return store::user_by_email(c, email); });
}

AccountImport::Imported AccountImport::account(const ForeignAccount& account, bool dry_run) {
  const auto known =
      database_.read([&](store::Connection& c) { return store::find_imported(c, account.key); });
  if (known) {
    const auto user =
        database_.transaction([&](store::Connection& c) { return store::lock_user(c, known->local_id); });
    if (!user)
      throw Error(Code::not_found,
                  "the account was imported before and deleted here since; it is not made again");
    return {Outcome::known, user->id, user->username, {}};
  }
  Imported imported;
  store::User user;
  user.username = imported.username = require_username(account.username);
  user.role = "user";
  user.created_at = account.created_at;
  user.password_hash = account.password_hash;
  if (!is_checkable_password_hash(account.password_hash)) {
    user.password_hash = k_no_password;
    imported.notes.push_back(
        "its password hash is of no form that can be checked here; give it a new password with 'wharf-user "
        "passwd'");
  }
  if (account.email && !account.email->empty()) {
    const std::string email = fold(*account.email);
    if (!is_email(email)) {
      imported.notes.push_back("its e-mail is not of the form 'name@host' and was left out");
    } else if (!is_email_free(email)) {
      imported.notes.push_back("its e-mail is another account's here and was left out");
    } else {
      user.email = email;
    }
  }
  if (dry_run) {
    // The name of a deleted account is taken, too.
    if (database_.read([&](store::Connection& c) { return store::listed_user(c, user.username, now()); }))
      refuse_taken_account({store::DatabaseError::Kind::duplicate_key, 0, "", "users_username"},
                           user.username);
    return imported;
  }
  try {
    settle(
        database_,
        [&](store::Connection& c) {
          imported.id = store::insert_user(c, user);
          store::insert_imported(c, account.key, imported.id, now());
          store::record_audit(
              c,
              {"import", who_.username, user.username, origin_.address, origin_.reason, origin_.request_id},
              now());
        },
        [&](store::Connection& c) { return store::find_imported(c, account.key).has_value(); });
  } catch (const store::DatabaseError& error) {
    refuse_taken_account(error, user.username);
    throw;
  }
  return imported;
}

AccountImport::Imported AccountImport::existing(std::string_view username) {
  const std::string folded = require_username(username);
  const auto user = database_.read([&](store::Connection& c) { return store::user_by_name(c, folded); });
  if (!user)
    throw Error(Code::not_found,
                "there is no account " + quoted(folded) + " here; make it first, or map to another");
  return {Outcome::known, user->id, user->username, {}};
}

AccountImport::Outcome AccountImport::token(const ForeignToken& token, std::int64_t user_id,
                                            std::string_view username, bool dry_run) {
  if (database_.read([&](store::Connection& c) { return store::find_imported(c, token.key); }))
    return Outcome::known;
  const auto digest = from_hex(token.digest);
  if (!digest || digest->size() != 32)
    throw Error(Code::bad_request, "what is stored of the token is no SHA-256; make a new one");
  store::ApiToken row;
  row.user_id = user_id;
  row.name = is_utf8(token.name) && !has_control_characters(token.name) && !trim(token.name).empty() &&
                     token.name.size() <= 100
                 ? token.name
                 : "imported";
  row.packages = "*";
  row.created_at = token.created_at;
  row.expires_at = token.expires_at;
  row.last_used_at = token.last_used_at;
  unsigned scopes = 0;
  for (const Scope scope : token.scopes) scopes |= bit_of(scope);
  for (const Scope scope : k_scopes)
    if (scopes & bit_of(scope)) row.scopes.append(row.scopes.empty() ? "" : ",").append(scope_name(scope));
  if (row.scopes.empty())
    throw Error(Code::bad_request, "the token has no scope that is known here; make a new one");
  if (dry_run) return Outcome::imported;
  try {
    settle(
        database_,
        [&](store::Connection& c) {
          row.id = store::insert_api_token(c, row, token.digest);
          if (row.last_used_at) store::touch_api_token(c, row.id, *row.last_used_at, *row.last_used_at);
          store::insert_imported(c, token.key, row.id, now());
          store::record_audit(
              c,
              {"token-import", who_.username, "token:" + std::to_string(row.id), origin_.address,
               quoted(row.name) + " of " + std::string(username), origin_.request_id},
              now());
        },
        [&](store::Connection& c) { return store::find_imported(c, token.key).has_value(); });
  } catch (const store::DatabaseError& error) {
    if (error.kind != store::DatabaseError::Kind::duplicate_key) throw;
    throw Error(Code::conflict, "the same token is here already; make a new one");
  }
  return Outcome::imported;
}

}  // namespace wharf
