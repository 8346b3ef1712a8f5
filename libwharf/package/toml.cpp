// SPDX-License-Identifier: MIT
#include "libwharf/package/toml.hpp"

// The parser asserts what a broken text can bring about (`[ {` did): that is the text's fault, and no reason
// to end. With NDEBUG it would promise the same to the optimiser instead, so that is never defined here.
namespace wharf {
struct ParserFault {};
constexpr void require_of_parser(bool holds) {
  if (!holds) throw ParserFault{};
}
}  // namespace wharf
#undef NDEBUG
#define TOML_ASSERT(expression) ::wharf::require_of_parser(static_cast<bool>(expression))

// The parser is compiled into this file alone, which takes its time.
#define TOML_EXCEPTIONS 1
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

bool begins_key(char c) {
  return is_alphanumeric(c) || c == '_' || c == '-' || c == '"' || c == '\'';
}

// What the parser does not look after is checked before it sees the text. It limits the nesting of values,
// but not the parts of a dotted key, and its tables are freed by recursion: outside of strings and comments
// no value has more than one dot between two of the characters that end a key, so dots are counted. And it
// takes for granted that a name follows the '[' of a table's header.
class Keys {
 public:
  explicit Keys(std::string_view text) : rest_(text) {}

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
        case ' ':
        case '\t':
          rest_.remove_prefix(1);
          continue;
        case '\n':
          ++line_;
          dots_ = 0;
          line_begins_ = true;
          rest_.remove_prefix(1);
          continue;
        case '[':
          if (line_begins_ && depth_ == 0) check_header();
          [[fallthrough]];
        case '{':
          ++depth_;
          dots_ = 0;
          break;
        case ']':
        case '}':
          if (depth_ > 0) --depth_;
          dots_ = 0;
          break;
        case '=':
        case ',':
          dots_ = 0;
          break;
        case '.':
          if (++dots_ >= k_key_parts)
            refuse(line_, "a key has more than " + std::to_string(k_key_parts) + " parts");
          break;
        default:
          break;
      }
      line_begins_ = false;
      rest_.remove_prefix(1);
    }
  }

 private:
  void check_header() const {
    std::string_view name = rest_.substr(rest_.starts_with("[[") ? 2 : 1);
    name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
    if (!name.empty() && !begins_key(name[0]))
      refuse(line_, "a table's header must have its name after the '['");
  }

  void skip_string(char quote) {
    line_begins_ = false;
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
  std::size_t line_ = 1, dots_ = 0, depth_ = 0;
  bool line_begins_ = true;
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
  Keys(text).check();
  try {
    const toml::table table = toml::parse(text);
    json::Writer writer;
    write(writer, table);
    return writer.take();
  } catch (const toml::parse_error& error) {
    refuse(error.source().begin.line, tidied(error.description()));
  } catch (const ParserFault&) {
    throw Error(Code::manifest_invalid, "it is not valid TOML");
  }
}

}  // namespace wharf
