// SPDX-License-Identifier: MIT
// Writes JSON text piece by piece, without a tree: what is long does not cost memory twice.
//
//   Writer w; w.begin_object(); w.member("name", "mylib"); w.key("versions").begin_array(); … w.end_array();
//   w.end_object();
//
// Strings must be UTF-8 (what is not becomes U+FFFD). "/" is not escaped. Misuse (a value where a key is due)
// throws std::logic_error: it is a fault in the program. A missing Value and a number that is not finite are
// written as null. take() in between hands out what is there so far, and writing goes on: that is how a long
// document leaves in pieces.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libwharf/json/value.hpp"

namespace wharf::json {

class Writer {
 public:
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);

  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(const std::string& text) { return value(std::string_view(text)); }
  Writer& value(bool truth);
  Writer& value(std::integral auto number) { return integer(static_cast<std::int64_t>(number)); }
  Writer& value(double number);
  Writer& value(const Value& copied);  // any value of a parsed document, whole
  Writer& value(const std::vector<std::string>& texts);
  template <class T>
  Writer& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }
  Writer& null();
  // Text that is JSON already, taken as it is.
  Writer& raw(std::string_view json);

  template <class T>
  Writer& member(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }
  Writer& member_null(std::string_view name) {
    key(name);
    return null();
  }

  const std::string& text() const { return text_; }
  std::string take() { return std::exchange(text_, {}); }

 private:
  Writer& integer(std::int64_t number);
  Writer& open(char bracket);
  Writer& close(char opened, char bracket);
  void before_value();
  std::string text_;
  std::vector<char> open_;  // '{' or '['
  bool first_ = true;
  bool after_key_ = false;
};

// A string as a JSON string, quotes included.
std::string quote(std::string_view text);

}  // namespace wharf::json
