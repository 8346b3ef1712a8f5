// SPDX-License-Identifier: MIT
#include "libwharf/json/scalars.hpp"

#include <charconv>
#include <cmath>

#include "libwharf/json/characters.hpp"
#include "libwharf/json/scan.hpp"

namespace wharf::json {

std::optional<std::int64_t> exact_integer(double number) {
  if (!(std::abs(number) <= k_largest_integer) || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

void append_number(std::string& out, double number) {
  char buffer[40];
  if (const auto whole = exact_integer(number)) {
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, *whole).ptr);
  } else if (std::isfinite(number)) {
    // With an exponent where it is large: as a plain integer beyond ±2^53 our own reader would refuse it.
    const auto format =
        std::abs(number) > k_largest_integer ? std::chars_format::scientific : std::chars_format::general;
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number, format).ptr);
  } else {
    out += "null";
  }
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    at = skip_plain(text, at);
    out.append(text, begin, at - begin);
    if (at == text.size()) break;
    const char c = text[at];
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out.push_back(hex[c >> 4]);
          out.push_back(hex[c & 15]);
        } else if (const std::size_t length = utf8_sequence(text, at)) {
          out.append(text, at, length);
          at += length - 1;
        } else {
          out += "\xef\xbf\xbd";
        }
    }
    ++at;
  }
  out.push_back('"');
}

}  // namespace wharf::json
