// SPDX-License-Identifier: MIT
// JSON documents as values: RFC 8259, read strictly.
//
// parse() refuses what cJSON would let through: duplicate keys, invalid UTF-8, raw control characters,
// leading zeros, a byte order mark, \u0000, lone surrogates, whole numbers outside of ±2^53, numbers that are
// not finite or longer than 63 characters, anything after the value, more than 64 levels. Key look-ups are
// case-sensitive, and walk the object: for many keys of one object use each_member. This room alone includes
// cJSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct cJSON;

namespace wharf::json {

enum class Kind { null, boolean, number, string, array, object };

// A place in a document; cheap to copy. Valid as long as the Document lives. A default one is "missing".
class Value {
 public:
  Value() = default;

  explicit operator bool() const noexcept { return node_ != nullptr; }  // present, be it null
  Kind kind() const;                                                    // null where the value is missing
  bool is_null() const;                                                 // present and null
  bool is_string() const;
  bool is_object() const;
  bool is_array() const;

  // Nothing where the value is missing or of another kind.
  std::optional<std::string_view> string() const;
  std::optional<bool> boolean() const;
  std::optional<std::int64_t> integer() const;  // a number without fraction
  std::optional<double> number() const;

  Value operator[](std::string_view key) const;  // member of an object, else missing
  std::size_t size() const;                      // of an array or object, else 0
  // In document order; on anything but an array or object they call nothing.
  void each(const std::function<void(Value)>& visit) const;
  void each_member(const std::function<void(std::string_view key, Value)>& visit) const;

 private:
  friend class Document;
  explicit Value(const cJSON* node) : node_(node) {}
  const cJSON* node_ = nullptr;
};

class Document {
 public:
  Value root() const;
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

 private:
  friend Document parse(std::string_view text);
  explicit Document(cJSON* root);
  cJSON* root_;
};

// Throws Error(bad_request) whose sentence says what is wrong and at which byte, counted from 0.
Document parse(std::string_view text);

// The same document as canonical text: keys sorted by byte, no spaces, UTF-8, no needless escapes, whole
// numbers within ±2^53 plain, others in the shortest text that reads back the same.
std::string canonical(Value value);

}  // namespace wharf::json
