// SPDX-License-Identifier: MIT
#include "libwharf/json/writer.hpp"

#include <charconv>
#include <stdexcept>

#include "libwharf/json/scalars.hpp"

namespace wharf::json {

void Writer::before_value() {
  if (open_.empty()) {
    if (!text_.empty()) throw std::logic_error("json::Writer: a second value at the top");
    return;
  }
  if (open_.back() == '{') {
    if (!after_key_) throw std::logic_error("json::Writer: a value where a key is due");
    after_key_ = false;
    return;
  }
  if (!first_) text_.push_back(',');
  first_ = false;
}

Writer& Writer::open(char bracket) {
  before_value();
  text_.push_back(bracket);
  open_.push_back(bracket);
  first_ = true;
  return *this;
}

Writer& Writer::close(char opened, char bracket) {
  if (open_.empty() || open_.back() != opened || after_key_)
    throw std::logic_error(std::string("json::Writer: '") + bracket + "' where none is due");
  text_.push_back(bracket);
  open_.pop_back();
  first_ = false;
  return *this;
}

Writer& Writer::begin_object() {
  return open('{');
}
Writer& Writer::end_object() {
  return close('{', '}');
}
Writer& Writer::begin_array() {
  return open('[');
}
Writer& Writer::end_array() {
  return close('[', ']');
}

Writer& Writer::key(std::string_view name) {
  if (open_.empty() || open_.back() != '{' || after_key_)
    throw std::logic_error("json::Writer: a key where none is due");
  if (!first_) text_.push_back(',');
  first_ = false;
  append_quoted(text_, name);
  text_.push_back(':');
  after_key_ = true;
  return *this;
}

Writer& Writer::value(std::string_view content) {
  before_value();
  append_quoted(text_, content);
  return *this;
}

Writer& Writer::value(bool truth) {
  return raw(truth ? "true" : "false");
}
Writer& Writer::null() {
  return raw("null");
}

Writer& Writer::integer(std::int64_t number) {
  before_value();
  char buffer[24];
  text_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
  return *this;
}

Writer& Writer::value(double number) {
  before_value();
  append_number(text_, number);
  return *this;
}

Writer& Writer::value(const Value& copied) {
  switch (copied.kind()) {
    case Kind::null:
      return null();
    case Kind::boolean:
      return value(*copied.boolean());
    case Kind::number:
      return value(*copied.number());
    case Kind::string:
      return value(*copied.string());
    case Kind::array:
      begin_array();
      copied.each([this](Value element) { value(element); });
      return end_array();
    case Kind::object:
      begin_object();
      copied.each_member([this](std::string_view name, Value member) { key(name).value(member); });
      return end_object();
  }
  return *this;
}

Writer& Writer::value(const std::vector<std::string>& texts) {
  begin_array();
  for (const auto& each : texts) value(each);
  return end_array();
}

Writer& Writer::raw(std::string_view json) {
  before_value();
  text_ += json;
  return *this;
}

std::string quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_quoted(out, text);
  return out;
}

}  // namespace wharf::json
