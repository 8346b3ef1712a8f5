// SPDX-License-Identifier: MIT
#include "registry/services/tokens.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/token.hpp"
#include "registry/services/account_names.hpp"
#include "registry/services/account_rules.hpp"
#include "registry/services/settle.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/tokens.hpp"

namespace wharf {

namespace {

constexpr std::int64_t k_most_days = 3650;

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void require_name(std::string_view name) {
  if (trim(name).empty() || !is_utf8(name) || characters(name) > 100 || has_control_characters(name))
    throw Error(Code::bad_request, "'name' of a token is not of the form; write 1 to 100 characters");
}

void require_glob(std::string_view glob) {
  const auto fits = [](char c) {
    return is_lower(c) || is_digit(c) || c == '.' || c == '_' || c == '-' || c == '*';
  };
  if (glob.empty() || glob.size() > 64 || !std::ranges::all_of(glob, fits))
    throw Error(Code::bad_request,
                "'packages' " + quoted(glob) +
                    " is not of the form; write a package name in which '*' stands for any text");
}

// In the order of Scope, each once.
std::string joined_scopes(const std::vector<std::string>& names) {
  unsigned wanted = 0;
  for (const auto& name : names) {
    const auto scope = scope_from(name);
    if (!scope)
      throw Error(Code::bad_request,
                  "scope " + wharf::quoted(name) + " is not known; choose from publish, yank and owners");
    wanted |= bit_of(*scope);
  }
  if (wanted == 0)
    throw Error(Code::bad_request,
                "'scopes' is empty; choose from publish, yank and owners, or leave it out");
  std::string joined;
  for (const Scope scope : k_scopes)
    if (wanted & bit_of(scope)) joined.append(joined.empty() ? "" : ",").append(scope_name(scope));
  return joined;
}

TokenInfo info_of(const store::ApiToken& row) {
  TokenInfo info{row.id,       row.user_id,    row.name,       {},
                 row.packages, row.created_at, row.expires_at, row.last_used_at};
  for (const auto scope : split(row.scopes, ',')) info.scopes.emplace_back(scope);
  return info;
}

std::vector<TokenInfo> infos_of(const std::vector<store::ApiToken>& rows) {
  std::vector<TokenInfo> tokens;
  for (const auto& row : rows) tokens.push_back(info_of(row));
  return tokens;
}

std::string subject_of(std::int64_t id) {
  return "token:" + std::to_string(id);
}

std::string facts_of(const store::ApiToken& row) {
  return wharf::quoted(row.name) + " " + row.scopes + " " + row.packages;
}

// Without an owner, as from now.
store::ApiToken checked_row(const TokenRequest& wanted) {
  require_name(wanted.name);
  require_glob(wanted.packages);
  store::ApiToken row;
  row.name = wanted.name;
  row.scopes = joined_scopes(wanted.scopes);
  row.packages = wanted.packages;
  row.created_at = now();
  if (const auto days = wanted.expires_in_days) {
    if (*days < 1 || *days > k_most_days)
      throw Error(Code::bad_request, "'expires_in_days' is " + std::to_string(*days) + "; expected 1 to " +
                                         std::to_string(k_most_days));
    row.expires_at = row.created_at + std::chrono::days(*days);
  }
  return row;
}

}  // namespace

NewToken Tokens::create(const Principal& who, const TokenRequest& wanted, const Origin& origin) {
  require_session(who);
  store::ApiToken row = checked_row(wanted);
  row.user_id = who.user_id;
  const std::string token = make_api_token();
  const std::string digest = to_hex(api_token_digest(token));
  settle(
      database_,
      [&](store::Connection& c) {
        lock_own_account(c, who.user_id);
        row.id = store::insert_api_token(c, row, digest);
        store::record_audit(c,
                            {"token-create", who.username, subject_of(row.id), origin.address, origin.reason,
                             origin.request_id, facts_of(row)},
                            row.created_at);
      },
      [&](store::Connection& c) { return store::api_token_with_user(c, digest).has_value(); });
  return {token, info_of(row)};
}

NewToken Tokens::create_for(const Principal& who, std::string_view username, const TokenRequest& wanted,
                            const Origin& origin) {
  require_operator(who);
  const std::string name = require_username(username);
  store::ApiToken row = checked_row(wanted);
  const std::string token = make_api_token();
  const std::string digest = to_hex(api_token_digest(token));
  settle(
      database_,
      [&](store::Connection& c) {
        const auto user = lock_account(c, name);
        if (user.disabled_at)
          throw Error(Code::conflict, "the account " + wharf::quoted(name) +
                                          " is disabled; enable it before it gets a token");
        row.user_id = user.id;
        row.id = store::insert_api_token(c, row, digest);
        store::record_audit(c,
                            {"token-create", who.username, name, origin.address, origin.reason,
                             origin.request_id, subject_of(row.id) + " " + facts_of(row)},
                            row.created_at);
      },
      [&](store::Connection& c) { return store::api_token_with_user(c, digest).has_value(); });
  return {token, info_of(row)};
}

std::vector<TokenInfo> Tokens::list_of(std::string_view username) {
  const std::string name = require_username(username);
  const auto rows = database_.read([&](store::Connection& c) {
    const auto user = store::user_by_name(c, name);
    if (!user) throw no_such_user(name);
    return store::api_tokens_of(c, user->id);
  });
  return infos_of(rows);
}

std::vector<TokenInfo> Tokens::revoke_of(const Principal& who, std::string_view username,
                                         const std::vector<std::int64_t>& ids, const Origin& origin) {
  require_operator(who);
  const std::string name = require_username(username);
  std::vector<store::ApiToken> gone;
  settle(
      database_,
      [&](store::Connection& c) {
        const auto user = lock_account(c, name);
        gone = store::api_tokens_of(c, user.id);
        for (const auto id : ids)
          if (std::ranges::find(gone, id, &store::ApiToken::id) == gone.end())
            throw Error(Code::not_found, wharf::quoted(name) + " has no token " + std::to_string(id) +
                                             "; list them to see which there are");
        if (!ids.empty())
          std::erase_if(
              gone, [&](const store::ApiToken& row) { return std::ranges::find(ids, row.id) == ids.end(); });
        if (gone.empty()) return;
        std::string facts;
        for (const auto& row : gone) {
          store::delete_api_token(c, row.id, user.id);
          facts.append(facts.empty() ? "" : ", ")
              .append(subject_of(row.id))
              .append(" ")
              .append(wharf::quoted(row.name));
        }
        store::record_audit(
            c, {"token-revoke", who.username, name, origin.address, origin.reason, origin.request_id, facts},
            now());
      },
      [&](store::Connection& c) {
        const auto user = store::user_by_name(c, name);
        const auto left = user ? store::api_tokens_of(c, user->id) : std::vector<store::ApiToken>();
        return std::ranges::none_of(left, [&](const store::ApiToken& row) {
          return std::ranges::find(gone, row.id, &store::ApiToken::id) != gone.end();
        });
      });
  return infos_of(gone);
}

std::vector<TokenInfo> Tokens::list(const Principal& who) {
  const auto rows =
      database_.read([&](store::Connection& c) { return store::api_tokens_of(c, who.user_id); });
  return infos_of(rows);
}

void Tokens::revoke(const Principal& who, std::int64_t id, const Origin& origin) {
  require_session(who);
  if (!remove(who, id, origin))
    throw Error(Code::not_found, "you have no token with this id; list them to see which there are");
}

void Tokens::revoke_itself(const Principal& who, const Origin& origin) {
  if (who.credential != Principal::Credential::api_token)
    throw internal_error("a token was to revoke itself that is no API token");
  if (!remove(who, who.token_id, origin)) throw Error(Code::unauthorized, "this token was revoked already");
}

bool Tokens::remove(const Principal& who, std::int64_t id, const Origin& origin) {
  bool was_there = false;
  settle(
      database_,
      [&](store::Connection& c) {
        const auto name = store::delete_api_token(c, id, who.user_id);
        was_there = name.has_value();
        if (!was_there) return;
        store::record_audit(c,
                            {"token-revoke", who.username, subject_of(id), origin.address, origin.reason,
                             origin.request_id, wharf::quoted(*name)},
                            now());
      },
      // That it was there was seen under its lock; that it is gone means that the deletion stands.
      [&](store::Connection& c) {
        const auto left = store::api_tokens_of(c, who.user_id);
        return std::ranges::none_of(left, [&](const auto& token) { return token.id == id; });
      });
  return was_there;
}

}  // namespace wharf
