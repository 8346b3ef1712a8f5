// SPDX-License-Identifier: MIT
// API tokens: `wharf_` + 43 base62 characters + 6 base62 characters of the CRC-32 (ISO-HDLC) of those 43. The
// check part lets a scanner and a worker tell a token from noise without asking the database.
#pragma once

#include <string>
#include <string_view>

namespace wharf {

std::string make_api_token();
bool looks_like_api_token(std::string_view text);  // the form and the CRC
// A token of a Vais registry: `vais_` + 64 lower-case hex digits. Stored alike, it goes on working after an
// import.
bool looks_like_vais_token(std::string_view text);
// What is stored: SHA-256 of the whole text, 32 bytes.
std::string api_token_digest(std::string_view token);

}  // namespace wharf
