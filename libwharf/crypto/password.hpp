// SPDX-License-Identifier: MIT
// Password hashes: Argon2id (RFC 9106; 64 MiB, t=3, p=1, 16-byte salt, 32-byte hash) as a PHC string.
// Verified too, for imported accounts: any Argon2id PHC string within 256 MiB, t≤10, p≤4, and Synapse's
// `pbkdf2_sha256$<rounds>$<salt as text>$<64 hex>` with at most 1 000 000 rounds.
#pragma once

#include <string>
#include <string_view>

namespace wharf {

std::string hash_password(std::string_view password);

struct PasswordCheck {
  bool matches = false;
  bool outdated = false;  // matches, but is not of today's form: store hash_password() anew
};
// A stored hash that is malformed or beyond the bounds matches nothing.
PasswordCheck check_password(std::string_view password, std::string_view stored_hash);

// Whether check_password() can tell anything by this hash: it is of one of these forms and within the bounds.
bool is_checkable_password_hash(std::string_view stored_hash);

// A hash that no password matches, for accounts that do not exist: checking against it costs the same time.
const std::string& impossible_password_hash();

// What a new password must be: 8 characters to 128 bytes, not one of the commonest few thousand, not the user
// name. Throws Error(password_unacceptable) with the reason.
void require_acceptable_password(std::string_view password, std::string_view username);

}  // namespace wharf
