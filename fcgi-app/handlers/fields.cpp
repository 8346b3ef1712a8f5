// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/fields.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::handlers {

namespace {

// The member, or a missing value where it is null.
json::Value member(json::Value object, std::string_view name) {
  const auto value = object[name];
  return value.is_null() ? json::Value() : value;
}

[[noreturn]] void refuse(std::string_view name, std::string_view problem) {
  throw Error(Code::bad_request, "the field " + quoted(name) + " " + std::string(problem))
      .with("field", std::string(name));
}

}  // namespace

std::optional<std::string> optional_text(json::Value object, std::string_view name) {
  const auto value = member(object, name);
  if (!value) return std::nullopt;
  const auto text = value.string();
  if (!text) refuse(name, "is not a text; write it in quotes");
  return std::string(*text);
}

std::string required_text(json::Value object, std::string_view name) {
  auto text = optional_text(object, name);
  if (!text) refuse(name, "is missing; expected a text");
  return std::move(*text);
}

std::optional<std::int64_t> optional_integer(json::Value object, std::string_view name) {
  const auto value = member(object, name);
  if (!value) return std::nullopt;
  const auto number = value.integer();
  if (!number) refuse(name, "is not a whole number");
  return number;
}

std::optional<std::vector<std::string>> optional_texts(json::Value object, std::string_view name) {
  const auto value = member(object, name);
  if (!value) return std::nullopt;
  if (!value.is_array()) refuse(name, "is not an array of texts");
  std::vector<std::string> texts;
  value.each([&](json::Value item) {
    const auto text = item.string();
    if (!text) refuse(name, "is not an array of texts");
    texts.emplace_back(*text);
  });
  return texts;
}

}  // namespace wharf::handlers
