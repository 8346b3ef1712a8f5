// SPDX-License-Identifier: MIT
// What people are called. Both functions fold ASCII capitals; wherever a name comes in it goes through here
// first.
#pragma once

#include <string>
#include <string_view>

#include "registry/store/connection.hpp"

namespace wharf {

// 3–50 of `a-z 0-9 - _`, else Error(username_invalid).
std::string require_username(std::string_view text);
// One `@` with something on both sides, no spaces or control characters, at most 254 bytes, else
// Error(email_invalid).
std::string require_email(std::string_view text);

// Throws Error(username_taken) or Error(email_taken) where a user's row was refused by its unique keys; goes
// on where it was refused for another reason.
void refuse_taken_account(const store::DatabaseError& error, std::string_view username);

// The same questions without a throw, of text that is folded already.
bool is_username(std::string_view folded);
bool is_email(std::string_view folded);

}  // namespace wharf
