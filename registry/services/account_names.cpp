// SPDX-License-Identifier: MIT
#include "registry/services/account_names.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

bool is_username(std::string_view folded) {
  return folded.size() >= 3 && folded.size() <= 50 && std::ranges::all_of(folded, [](char c) {
           return is_lower(c) || is_digit(c) || c == '-' || c == '_';
         });
}

bool is_email(std::string_view folded) {
  const auto at = folded.find('@');
  return folded.size() <= 254 && at != folded.npos && at > 0 && at + 1 < folded.size() &&
         folded.find('@', at + 1) == folded.npos && folded.find(' ') == folded.npos &&
         !has_control_characters(folded) && is_utf8(folded);
}

std::string require_username(std::string_view text) {
  std::string folded = fold(text);
  if (!is_username(folded))
    throw Error(Code::username_invalid,
                "user name " + quoted(text) + " is not of the form; write 3 to 50 of a-z, 0-9, '-' and '_'");
  return folded;
}

std::string require_email(std::string_view text) {
  std::string folded = fold(text);
  if (!is_email(folded))
    throw Error(Code::email_invalid,
                "e-mail " + quoted(text) +
                    " is not of the form; write 'name@host', at most 254 bytes, or leave it out");
  return folded;
}

void refuse_taken_account(const store::DatabaseError& error, std::string_view username) {
  if (error.key == "users_username")
    throw Error(Code::username_taken, "user name " + quoted(username) + " is taken; choose another");
  if (error.key == "users_email")
    throw Error(Code::email_taken, "there is an account with this e-mail already; sign in, or use another");
}

}  // namespace wharf
