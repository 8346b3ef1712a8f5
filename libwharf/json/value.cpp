// SPDX-License-Identifier: MIT
#include "libwharf/json/value.hpp"

#include <cjson/cJSON.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "libwharf/base/error.hpp"
#include "libwharf/json/scalars.hpp"
#include "libwharf/json/scan.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::json {
namespace {

// The low byte of cJSON's `type` is the kind; flags stand above it.
int type_of(const cJSON* node) {
  return node ? node->type & 0xff : cJSON_Invalid;
}

bool has_children(const cJSON* node) {
  return type_of(node) == cJSON_Object || type_of(node) == cJSON_Array;
}

void write_canonical(std::string& out, Value value) {
  switch (value.kind()) {
    case Kind::null:
      out += "null";
      return;
    case Kind::boolean:
      out += *value.boolean() ? "true" : "false";
      return;
    case Kind::number:
      append_number(out, *value.number());
      return;
    case Kind::string:
      append_quoted(out, *value.string());
      return;
    case Kind::array: {
      char before = '[';
      value.each([&](Value element) {
        out.push_back(std::exchange(before, ','));
        write_canonical(out, element);
      });
      out += before == '[' ? "[]" : "]";
      return;
    }
    case Kind::object: {
      std::vector<std::pair<std::string_view, Value>> members;
      value.each_member([&](std::string_view key, Value member) { members.emplace_back(key, member); });
      std::sort(members.begin(), members.end(),
                [](const auto& a, const auto& b) { return a.first < b.first; });
      char before = '{';
      for (const auto& [key, member] : members) {
        out.push_back(std::exchange(before, ','));
        append_quoted(out, key);
        out.push_back(':');
        write_canonical(out, member);
      }
      out += before == '{' ? "{}" : "}";
      return;
    }
  }
}

}  // namespace

Kind Value::kind() const {
  switch (type_of(node_)) {
    case cJSON_True:
    case cJSON_False:
      return Kind::boolean;
    case cJSON_Number:
      return Kind::number;
    case cJSON_String:
      return Kind::string;
    case cJSON_Array:
      return Kind::array;
    case cJSON_Object:
      return Kind::object;
    default:
      return Kind::null;
  }
}

bool Value::is_null() const {
  return type_of(node_) == cJSON_NULL;
}
bool Value::is_string() const {
  return type_of(node_) == cJSON_String;
}
bool Value::is_object() const {
  return type_of(node_) == cJSON_Object;
}
bool Value::is_array() const {
  return type_of(node_) == cJSON_Array;
}

std::optional<std::string_view> Value::string() const {
  if (!is_string()) return std::nullopt;
  return std::string_view(node_->valuestring);
}

std::optional<bool> Value::boolean() const {
  const int type = type_of(node_);
  if (type != cJSON_True && type != cJSON_False) return std::nullopt;
  return type == cJSON_True;
}

std::optional<double> Value::number() const {
  if (type_of(node_) != cJSON_Number) return std::nullopt;
  return node_->valuedouble;
}

std::optional<std::int64_t> Value::integer() const {
  const auto value = number();
  return value ? exact_integer(*value) : std::nullopt;
}

Value Value::operator[](std::string_view key) const {
  if (!is_object()) return Value();
  for (const cJSON* child = node_->child; child; child = child->next)
    if (key == child->string) return Value(child);
  return Value();
}

std::size_t Value::size() const {
  std::size_t count = 0;
  if (has_children(node_))
    for (const cJSON* child = node_->child; child; child = child->next) ++count;
  return count;
}

void Value::each(const std::function<void(Value)>& visit) const {
  if (!has_children(node_)) return;
  for (const cJSON* child = node_->child; child; child = child->next) visit(Value(child));
}

void Value::each_member(const std::function<void(std::string_view, Value)>& visit) const {
  if (!is_object()) return;
  for (const cJSON* child = node_->child; child; child = child->next) visit(child->string, Value(child));
}

Document::Document(cJSON* root) : root_(root) {}
Document::~Document() {
  cJSON_Delete(root_);
}
Document::Document(Document&& other) noexcept : root_(std::exchange(other.root_, nullptr)) {}
Document& Document::operator=(Document&& other) noexcept {
  std::swap(root_, other.root_);
  return *this;
}
Value Document::root() const {
  return Value(root_);
}

Document parse(std::string_view text) {
  try {
    scan(text);
  } catch (const Fault& fault) {
    throw fault_error(fault);
  }
  Document document(cJSON_ParseWithLengthOpts(text.data(), text.size(), nullptr, false));
  if (!document.root())
    throw internal_error("cJSON refuses a text that the scanner has accepted, or memory ran out");
  return document;
}

std::string canonical(Value value) {
  std::string out;
  write_canonical(out, value);
  return out;
}

}  // namespace wharf::json
