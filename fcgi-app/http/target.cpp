// SPDX-License-Identifier: MIT
#include "fcgi-app/http/target.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::http {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Error refused(std::string message) {
  return Error(Code::bad_request, std::move(message));
}

std::string decode_segment(std::string_view raw) {
  const auto text = percent_decode(raw, false);
  if (!text)
    throw refused("the path segment " + quoted(raw) +
                  " holds a '%' that two hexadecimal digits do not follow");
  if (text->find_first_of("/\\") != text->npos)
    throw refused("the path segment " + quoted(raw) + " holds a slash or backslash; no name here has one");
  if (has_control_characters(*text) || !is_utf8(*text))
    throw refused("the path segment " + quoted(raw) + " is not UTF-8 text without control characters");
  if (*text == "." || *text == "..") throw refused("the path must not hold '.' or '..'; write it out");
  return *text;
}

// The slash at the end of a base that a client was given doubles the one that it puts before its own path.
void drop_doubled_slash_of_base(std::vector<std::string_view>& pieces) {
  const auto drop_empty_at = [&](std::size_t at) {
    while (pieces.size() > at + 1 && pieces[at].empty())
      pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(at));
  };
  drop_empty_at(0);
  const auto dialect = dialect_from(pieces.front());
  if (dialect && *dialect != Dialect::native) drop_empty_at(1);
}

Base base_of(const std::vector<std::string>& segments, Dialect at_root) {
  const auto is_at = [&](std::size_t at, std::string_view text) {
    return segments.size() > at && segments[at] == text;
  };
  if (is_at(0, "api") && is_at(1, "v1")) return {Dialect::native, 2, false};
  if (segments.empty()) return {at_root, 0, true};
  const auto dialect = dialect_from(segments.front());
  if (!dialect || *dialect == Dialect::native) return {at_root, 0, true};
  if (is_at(1, "api") && is_at(2, "v1")) return {*dialect, 3, false};
  if (*dialect == Dialect::vais)
    return {*dialect, 1, false};  // its client appends its paths to the bare base
  return {at_root, 0, true};
}

std::string decode_query_text(std::string_view raw) {
  const auto text = percent_decode(raw, true);
  if (!text)
    throw refused("the query holds a '%' that two hexadecimal digits do not follow, in " + quoted(raw) +
                  "; write '%25' for the sign itself");
  if (!is_utf8(*text)) throw refused("the query is not UTF-8, in " + quoted(raw));
  if (text->find('\0') != text->npos) throw refused("the query holds a NUL byte, in " + quoted(raw));
  return *text;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> query;
  if (text.empty()) return query;
  for (const auto pair : split(text, '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    query.emplace_back(decode_query_text(pair.substr(0, equals)),
                       equals == pair.npos ? std::string() : decode_query_text(pair.substr(equals + 1)));
  }
  return query;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view k_hex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', k_hex[byte >> 4], k_hex[byte & 15]};
    }
  }
  return encoded;
}

Target parse_target(std::string_view raw_uri, Dialect at_root) {
  if (raw_uri.size() > k_longest_uri)
    throw Error(Code::uri_too_long, "the address has " + std::to_string(raw_uri.size()) + " bytes; at most " +
                                        std::to_string(k_longest_uri) + " are taken");
  if (raw_uri.empty() || raw_uri.front() != '/') throw refused("the path must begin with '/'");
  if (raw_uri.find('#') != raw_uri.npos)
    throw refused("the address holds a '#'; a fragment is not sent, and '%23' is the sign itself");
  const auto question = raw_uri.find('?');
  auto pieces = split(raw_uri.substr(1, question == raw_uri.npos ? raw_uri.npos : question - 1), '/');
  drop_doubled_slash_of_base(pieces);

  Target target;
  if (pieces.size() > 1 || !pieces.front().empty()) {
    for (const auto piece : pieces) {
      if (piece.empty())
        throw refused("the path holds an empty segment; drop the doubled slash, or the one at its end");
      target.segments.push_back(decode_segment(piece));
    }
  }
  target.base = base_of(target.segments, at_root);
  if (question != raw_uri.npos) target.query = parse_query(raw_uri.substr(question + 1));
  return target;
}

Dialect guess_dialect(std::string_view raw_uri, Dialect at_root) {
  const auto begin = std::min(raw_uri.find_first_not_of('/'), raw_uri.size());
  raw_uri.remove_prefix(begin);
  const auto first = raw_uri.substr(0, raw_uri.find_first_of("/?"));
  if (first == "api") return Dialect::native;
  const auto named = dialect_from(first);
  return named && *named != Dialect::native ? *named : at_root;
}

}  // namespace wharf::http
