// SPDX-License-Identifier: MIT
#include "libwharf/package/toml.hpp"

// The parser is compiled into this file alone, which takes its time; what is not used is left out.
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 1
#define TOML_MAX_NESTED_VALUES 32
#include <toml++/toml.h>

#include <cmath>
#include <sstream>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf {

namespace {

constexpr std::size_t k_key_parts = 16;

[[noreturn]] void refuse(std::size_t line, const std::string& problem) {
  throw Error(Code::manifest_invalid, "line " + std::to_string(line) + ": " + problem);
}

// The parser limits the nesting of values, but not the parts of a dotted key, and its tables are freed by
// recursion. So keys are counted before it sees them: outside of strings and comments no value has more than
// one dot between two of the characters that end a key.
class DottedKeys {
 public:
  explicit DottedKeys(std::string_view text) : rest_(text) {}

  void check() {
    while (!rest_.empty()) {
      switch (rest_[0]) {
        case '#':
          rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
          continue;
        case '"':
        case '\'':
          skip_string(rest_[0]);
          continue;
        case '\n':
          ++line_;
          [[fallthrough]];
        case '=':
        case ',':
        case '[':
        case ']':
        case '{':
        case '}':
          dots_ = 0;
          break;
        case '.':
          if (++dots_ >= k_key_parts)
            refuse(line_, "a key has more than " + std::to_string(k_key_parts) + " parts");
          break;
        default:
          break;
      }
      rest_.remove_prefix(1);
    }
  }

 private:
  void skip_string(char quote) {
    const std::string three(3, quote);
    const bool many_lines = rest_.starts_with(three);
    rest_.remove_prefix(many_lines ? 3 : 1);
    while (!rest_.empty()) {
      if (many_lines ? rest_.starts_with(three) : rest_[0] == quote) {
        rest_.remove_prefix(many_lines ? 3 : 1);
        // A string of many lines may end in one or two quotes of its own.
        for (int i = 0; many_lines && i < 2 && rest_.starts_with(quote); ++i) rest_.remove_prefix(1);
        return;
      }
      if (rest_[0] == '\n') {
        if (!many_lines) return;  // no valid string; the parser will say so
        ++line_;
      }
      const bool escape = quote == '"' && rest_[0] == '\\' && rest_.size() > 1 && rest_[1] != '\n';
      rest_.remove_prefix(escape ? 2 : 1);
    }
  }

  std::string_view rest_;
  std::size_t line_ = 1, dots_ = 0;
};

void write(json::Writer& writer, const toml::node& node);

void write_integer(json::Writer& writer, std::int64_t number) {
  constexpr std::int64_t k_largest = std::int64_t{1} << 53;
  if (number > k_largest || number < -k_largest)
    writer.null();
  else
    writer.value(number);
}

template <class T>
std::string text_of(const T& date_or_time) {
  std::ostringstream out;
  out << date_or_time;
  return out.str();
}

void write(json::Writer& writer, const toml::node& node) {
  if (const auto* table = node.as_table()) {
    writer.begin_object();
    for (const auto& [key, value] : *table) {
      writer.key(key.str());
      write(writer, value);
    }
    writer.end_object();
  } else if (const auto* array = node.as_array()) {
    writer.begin_array();
    for (const auto& value : *array) write(writer, value);
    writer.end_array();
  } else if (const auto* text = node.as_string()) {
    writer.value(text->get());
  } else if (const auto* truth = node.as_boolean()) {
    writer.value(truth->get());
  } else if (const auto* integer = node.as_integer()) {
    write_integer(writer, integer->get());
  } else if (const auto* number = node.as_floating_point()) {
    if (std::isfinite(number->get()))
      writer.value(number->get());
    else
      writer.null();
  } else if (const auto* date = node.as_date()) {
    writer.value(text_of(date->get()));
  } else if (const auto* time = node.as_time()) {
    writer.value(text_of(time->get()));
  } else if (const auto* date_time = node.as_date_time()) {
    writer.value(text_of(date_time->get()));
  }
}

// "Error while parsing key: expected …" without its beginning, on one line.
std::string tidied(std::string_view description) {
  constexpr std::string_view k_beginning = "Error while parsing ";
  if (description.starts_with(k_beginning)) description.remove_prefix(k_beginning.size());
  std::string out;
  for (const char c : description) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return is_utf8(out) ? out : "invalid UTF-8";
}

}  // namespace

std::string toml_to_json(std::string_view text) {
  DottedKeys(text).check();
  const toml::parse_result result = toml::parse(text);
  if (!result) refuse(result.error().source().begin.line, tidied(result.error().description()));
  json::Writer writer;
  write(writer, result.table());
  return writer.take();
}

}  // namespace wharf
