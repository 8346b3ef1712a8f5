// SPDX-License-Identifier: MIT
#include "libwharf/package/stored_json.hpp"

#include "libwharf/base/error.hpp"

namespace wharf::stored {

namespace {

[[noreturn]] void fail(std::string_view key, std::string_view expected) {
  throw internal_error("stored JSON: expected " + std::string(expected) + " under '" + std::string(key) +
                       "'");
}

}  // namespace

std::string text(json::Value object, std::string_view key) {
  const auto found = object[key].string();
  if (!found) fail(key, "text");
  return std::string(*found);
}

std::optional<std::string> maybe_text(json::Value object, std::string_view key) {
  const json::Value value = object[key];
  if (!value || value.is_null()) return std::nullopt;
  return text(object, key);
}

bool boolean(json::Value object, std::string_view key) {
  const auto found = object[key].boolean();
  if (!found) fail(key, "true or false");
  return *found;
}

std::int64_t integer(json::Value object, std::string_view key) {
  const auto found = object[key].integer();
  if (!found) fail(key, "a whole number");
  return *found;
}

json::Value array(json::Value object, std::string_view key) {
  const json::Value value = object[key];
  if (!value.is_array()) fail(key, "an array");
  return value;
}

json::Value object(json::Value parent, std::string_view key) {
  const json::Value value = parent[key];
  if (!value.is_object()) fail(key, "an object");
  return value;
}

std::vector<std::string> texts(json::Value array) {
  std::vector<std::string> out;
  if (!array.is_array()) fail("", "an array");
  array.each([&](json::Value element) {
    const auto one = element.string();
    if (!one) fail("", "an array of texts");
    out.emplace_back(*one);
  });
  return out;
}

std::vector<std::string> texts(json::Value object, std::string_view key) {
  return texts(array(object, key));
}

}  // namespace wharf::stored
