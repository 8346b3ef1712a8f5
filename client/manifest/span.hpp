// SPDX-License-Identifier: MIT
// Places in a text, and changes of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wharf::client {

struct Span {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
  std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
};

inline std::string replaced(std::string_view text, Span span, std::string_view by) {
  return std::string(text.substr(0, span.begin)) + std::string(by) + std::string(text.substr(span.end));
}

inline std::string inserted(std::string_view text, std::size_t at, std::string_view what) {
  return replaced(text, {at, at}, what);
}

// What the text ends its lines with: "\r\n" where its first line does.
inline std::string_view line_end(std::string_view text) {
  const auto end = text.find('\n');
  return end != text.npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

inline std::size_t line_begin(std::string_view text, std::size_t at) {
  const auto before = at == 0 ? text.npos : text.rfind('\n', at - 1);
  return before == text.npos ? 0 : before + 1;
}

// Behind the line break of the line that `at` is in.
inline std::size_t next_line(std::string_view text, std::size_t at) {
  const auto end = text.find('\n', at);
  return end == text.npos ? text.size() : end + 1;
}

}  // namespace wharf::client
