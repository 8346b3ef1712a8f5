// SPDX-License-Identifier: MIT
#include "fcgi-app/http/media_type.hpp"

#include "libwharf/base/text.hpp"

namespace wharf::http {

namespace {

bool is_token_character(char c) {
  return is_alphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view take_token(std::string_view& rest) {
  std::size_t count = 0;
  while (count < rest.size() && is_token_character(rest[count])) ++count;
  const auto token = rest.substr(0, count);
  rest.remove_prefix(count);
  return token;
}

void skip_blanks(std::string_view& rest) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
}

std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string text;
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '"') {
    // A backslash escapes a quote or itself; before anything else it is one (old browsers send paths of
    // Windows).
    if (rest.front() == '\\' && rest.size() > 1 && (rest[1] == '"' || rest[1] == '\\')) rest.remove_prefix(1);
    text += rest.front();
    rest.remove_prefix(1);
  }
  if (rest.empty()) return std::nullopt;
  rest.remove_prefix(1);
  return text;
}

}  // namespace

std::optional<std::string_view> ParameterizedValue::parameter(std::string_view name) const {
  for (const auto& [key, content] : parameters)
    if (key == name) return content;
  return std::nullopt;
}

std::optional<ParameterizedValue> parse_parameterized(std::string_view text) {
  ParameterizedValue parsed;
  skip_blanks(text);
  std::string_view rest = text;
  take_token(rest);
  if (!rest.empty() && rest.front() == '/') {
    rest.remove_prefix(1);
    if (take_token(rest).empty()) return std::nullopt;
  }
  parsed.value = fold(text.substr(0, text.size() - rest.size()));
  if (parsed.value.empty() || parsed.value.front() == '/') return std::nullopt;
  for (skip_blanks(rest); !rest.empty(); skip_blanks(rest)) {
    if (rest.front() != ';') return std::nullopt;
    rest.remove_prefix(1);
    skip_blanks(rest);
    if (rest.empty() || rest.front() == ';') continue;  // an empty parameter is harmless
    std::string name = fold(take_token(rest));
    if (name.empty() || rest.empty() || rest.front() != '=' || parsed.parameter(name)) return std::nullopt;
    rest.remove_prefix(1);
    std::string content;
    if (!rest.empty() && rest.front() == '"') {
      auto quoted_content = take_quoted(rest);
      if (!quoted_content) return std::nullopt;
      content = std::move(*quoted_content);
    } else {
      content = take_token(rest);
      if (content.empty()) return std::nullopt;
    }
    parsed.parameters.emplace_back(std::move(name), std::move(content));
  }
  return parsed;
}

}  // namespace wharf::http
