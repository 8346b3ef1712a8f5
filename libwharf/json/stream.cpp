// SPDX-License-Identifier: MIT
#include "libwharf/json/stream.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/characters.hpp"
#include "libwharf/json/scan.hpp"

namespace wharf::json {
namespace {

constexpr std::size_t k_portion = 64 * 1024;

// Length of what begins with `unit`, which is an escape or a UTF-8 sequence as far as it is there. What is
// broken gets some length: the scanner then refuses it.
std::size_t unit_length(std::string_view unit) {
  const auto first = static_cast<unsigned char>(unit[0]);
  if (first != '\\') {
    const bool broken = unit.size() > 1 && (static_cast<unsigned char>(unit.back()) & 0xc0) != 0x80;
    return broken || first < 0xc2 || first > 0xf4 ? unit.size() : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  }
  if (unit.size() < 2 || unit[1] != 'u') return 2;
  if (unit.size() < 6) return 6;
  const bool high_surrogate =
      (unit[2] | 0x20) == 'd' && std::string_view("89abAB").find(unit[3]) != std::string_view::npos;
  return high_surrogate ? 12 : 6;
}

}  // namespace

// Splits the text into what is kept and what is taken, knowing no more of JSON than where strings, levels and
// members begin and end. That is enough: the kept text is parsed strictly at the end, with the taken string
// as "", and the content of that string is checked as it passes.
struct FieldExtractor::State {
  enum class Place { structure, string, taken };

  std::string field;
  Sink sink;
  std::size_t limit;

  std::string kept{};
  Place place = Place::structure;
  std::size_t level = 0;
  bool is_object = false;  // the value at the top
  bool key_due = false;    // the next string at level 1 is a key
  bool value_due = false;  // a ':' has been read at level 1
  bool in_key = false;
  bool escaped = false;       // the last byte of the string was a backslash that counts
  std::size_t key_begin = 0;  // in `kept`, after the quote

  bool key_is_field = false;
  bool seen = false;           // the field's key
  bool found = false;          // and as a string
  std::size_t gap_at = 0;      // where the content of the taken string would stand in `kept`,
  std::size_t gap_length = 0;  // and how many bytes of it have passed
  std::string unit{};          // the beginning of an escape or a UTF-8 sequence
  std::string portion{};       // on its way to the sink

  void keep(std::string_view bytes) {
    if (bytes.size() > limit - kept.size())
      throw Error(Code::payload_too_large, "the JSON document has more than " + std::to_string(limit) +
                                               " bytes beside " + quoted(field) + "; send a smaller one");
    kept += bytes;
  }

  std::size_t original(std::size_t kept_offset) const {
    return found && kept_offset >= gap_at ? kept_offset + gap_length : kept_offset;
  }

  std::size_t structure(std::string_view bytes, std::size_t at) {
    const std::size_t begin = at;
    while (at < bytes.size()) {
      switch (bytes[at++]) {
        case '{':
        case '[':
          if (level++ == 0) key_due = is_object = bytes[at - 1] == '{';
          break;
        case '}':
        case ']':
          if (level > 0) --level;
          break;
        case ',':
          if (level != 1) break;
          key_due = is_object;
          value_due = false;
          break;
        case ':':
          if (level == 1) value_due = true;
          break;
        case '"':
          keep(bytes.substr(begin, at - begin));
          string_begins();
          return at;
        default:
          break;
      }
    }
    keep(bytes.substr(begin));
    return at;
  }

  void string_begins() {
    place = Place::string;
    if (level != 1) return;
    if (key_due) {
      key_due = false;
      in_key = true;
      key_begin = kept.size();
    } else if (value_due && key_is_field) {
      place = Place::taken;
      found = true;
      gap_at = kept.size();
    }
  }

  std::size_t string(std::string_view bytes, std::size_t at) {
    const std::size_t begin = at;
    while (at < bytes.size()) {
      if (escaped) {
        escaped = false;
        ++at;
        continue;
      }
      at = skip_plain(bytes, at);
      if (at == bytes.size()) break;
      const char c = bytes[at++];
      escaped = c == '\\';
      if (c != '"') continue;
      keep(bytes.substr(begin, at - begin));
      place = Place::structure;
      if (in_key) key_ends();
      return at;
    }
    keep(bytes.substr(begin));
    return at;
  }

  void key_ends() {
    in_key = false;
    const std::string_view in_quotes = std::string_view(kept).substr(key_begin - 1);
    std::string name(in_quotes.substr(1, in_quotes.size() - 2));
    if (name.find('\\') != name.npos) {
      checked(in_quotes, original(key_begin - 1));
      name = unescape(name);
    }
    key_is_field = name == field;
    if (key_is_field && seen)
      throw fault_error({original(key_begin - 1),
                         "the key " + quoted(field) + " stands twice in one object; send it once"});
    seen |= key_is_field;
  }

  std::size_t taken(std::string_view bytes, std::size_t at) {
    while (at < bytes.size()) {
      if (unit.empty()) {
        const std::size_t begin = at;
        at = skip_plain(bytes, at);
        emit(bytes.substr(begin, at - begin));
        gap_length += at - begin;
        if (at == bytes.size()) break;
        if (bytes[at] == '"') {
          flush();
          place = Place::structure;
          keep("\"");
          return at + 1;
        }
      }
      unit.push_back(bytes[at++]);
      ++gap_length;
      if (unit.size() >= unit_length(unit)) unit_ends();
    }
    return at;
  }

  void unit_ends() {
    if (unit == "\\/") {  // by far the most frequent one, and cheap
      emit("/");
    } else {
      checked('"' + unit + '"', gap_at + gap_length - unit.size() - 1);
      emit(unescape(unit));
    }
    unit.clear();
  }

  // Refuses what is not a JSON string; `offset` is where it stands in the whole text.
  static void checked(std::string_view in_quotes, std::size_t offset) {
    try {
      scan(in_quotes);
    } catch (const Fault& fault) {
      throw fault_error({offset + fault.offset, fault.reason});
    }
  }

  // Long runs go to the sink as they are, short ones are gathered.
  void emit(std::string_view content) {
    if (portion.empty() && content.size() >= k_portion / 8) return sink(content);
    portion += content;
    if (portion.size() >= k_portion) flush();
  }

  void flush() {
    if (!portion.empty()) sink(portion);
    portion.clear();
  }
};

FieldExtractor::FieldExtractor(std::string field, Sink sink, std::size_t limit)
    : state_(new State{.field = std::move(field), .sink = std::move(sink), .limit = limit}) {}
FieldExtractor::~FieldExtractor() = default;

void FieldExtractor::feed(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    switch (state_->place) {
      case State::Place::structure:
        at = state_->structure(bytes, at);
        break;
      case State::Place::string:
        at = state_->string(bytes, at);
        break;
      case State::Place::taken:
        at = state_->taken(bytes, at);
        break;
    }
  }
}

Document FieldExtractor::finish() {
  try {
    scan(state_->kept);
  } catch (const Fault& fault) {
    throw fault_error({state_->original(fault.offset), fault.reason});
  }
  Document document = parse(state_->kept);
  if (!document.root().is_object())
    throw Error(Code::bad_request, "the JSON text is not an object; expected '{'");
  return document;
}

bool FieldExtractor::found() const {
  return state_->found;
}

}  // namespace wharf::json
