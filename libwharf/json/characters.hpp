// SPDX-License-Identifier: MIT
// What the readers and writers of this room ask about bytes of a JSON string.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace wharf::json {

// The index from which on eight bytes at once are no longer all plain: printable ASCII but neither `"` nor
// `\`. It never skips a byte that is not plain; the caller looks at single bytes from there.
inline std::size_t skip_plain_words(std::string_view text, std::size_t at) {
  constexpr std::uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
  while (at + 8 <= text.size()) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
    const std::uint64_t special =
        word | (word - ones * 0x20) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash);
    if (special & tops) break;
    at += 8;
  }
  return at;
}

inline bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

// The index of the first byte from `at` on that is not plain, or the size.
inline std::size_t skip_plain(std::string_view text, std::size_t at) {
  at = skip_plain_words(text, at);
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

// Length of the UTF-8 sequence that stands at `at` (RFC 3629), 0 where there is none.
inline std::size_t utf8_sequence(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
  const unsigned first = byte(at), second = byte(at + 1);
  if (at >= text.size()) return 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || !follows(at + 1)) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) {
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
    return follows(at + 2) ? 3 : 0;
  }
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
  return follows(at + 2) && follows(at + 3) ? 4 : 0;
}

}  // namespace wharf::json
