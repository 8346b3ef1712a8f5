// SPDX-License-Identifier: MIT
// Accounts, profiles and API tokens as they stand in answers, in the shape of each dialect.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fcgi-app/http/dialect.hpp"
#include "libwharf/json/writer.hpp"
#include "registry/services/accounts.hpp"
#include "registry/services/tokens.hpp"

namespace wharf::handlers {

enum class Numbered { user, token };

// An id as text: the number, or a UUID (RFC 9562, version 8) that is made of it and of what it numbers.
std::string id_text(const http::DialectRules& rules, Numbered what, std::int64_t id);
// Both forms, in every dialect; nothing where it is neither.
std::optional<std::int64_t> id_from(Numbered what, std::string_view text);

// Members of the object that is being written: id, user_id, username, email, created_at.
void write_account(json::Writer& writer, const http::DialectRules& rules, const Account& account);
// The same without `id`, but where the dialect has the account itself at the top level.
void write_flat_account(json::Writer& writer, const http::DialectRules& rules, const Account& account);

// Members `joined_at`, `packages` and `total_downloads`.
void write_profile(json::Writer& writer, const http::DialectRules& rules, const UserProfile& profile);

// One API token, an object, without its text.
void write_token(json::Writer& writer, const http::DialectRules& rules, const TokenInfo& token);
// Members of an API token, for an object that holds more.
void write_token_members(json::Writer& writer, const http::DialectRules& rules, const TokenInfo& token);

}  // namespace wharf::handlers
