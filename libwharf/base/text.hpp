// SPDX-License-Identifier: MIT
// Small questions about text. "Letter", "digit" and "fold" are ASCII here and independent of any locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wharf {

bool is_digit(char c);
bool is_lower(char c);
bool is_alphanumeric(char c);
std::string fold(std::string_view text);  // ASCII capitals to small letters
bool equal_folded(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);  // spaces and tabs off both ends
std::vector<std::string_view> split(std::string_view text, char separator);

// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
bool is_utf8(std::string_view text);
// True where `text` holds a byte below 0x20 or 0x7f.
bool has_control_characters(std::string_view text);

// A whole decimal number without sign or leading zeros (but "0"); nothing where it is not one or does not
// fit.
std::optional<std::uint64_t> parse_number(std::string_view text);

std::string to_hex(std::string_view bytes);                  // lower case
std::optional<std::string> from_hex(std::string_view text);  // lower case only, even length
// 'text' for messages: in single quotes, control characters and invalid UTF-8 shown as \xNN, cut at 80 bytes.
std::string quoted(std::string_view text);
// `*` stands for any run of characters, all else for itself.
bool matches_glob(std::string_view glob, std::string_view text);

}  // namespace wharf
