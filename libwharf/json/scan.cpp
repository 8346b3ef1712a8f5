// SPDX-License-Identifier: MIT
#include "libwharf/json/scan.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <optional>
#include <vector>

#include "libwharf/base/text.hpp"
#include "libwharf/json/characters.hpp"
#include "libwharf/json/members.hpp"
#include "libwharf/json/scalars.hpp"

namespace wharf::json {
namespace {

std::optional<unsigned> hex_value(std::string_view four) {
  unsigned code = 0;
  if (four.size() < 4) return std::nullopt;
  const auto read = std::from_chars(four.data(), four.data() + 4, code, 16);
  if (read.ec != std::errc() || read.ptr != four.data() + 4) return std::nullopt;
  return code;
}

bool is_high_surrogate(unsigned code) {
  return code >= 0xd800 && code < 0xdc00;
}
bool is_low_surrogate(unsigned code) {
  return code >= 0xdc00 && code < 0xe000;
}

}  // namespace

class Scanner {
 public:
  explicit Scanner(std::string_view text, Members* members = nullptr) : text_(text), members_(members) {}

  void run() {
    if (text_.starts_with("\xef\xbb\xbf")) fail("a byte order mark stands before the text; send it without");
    value(0);
    skip_space();
    if (at_ != text_.size()) fail("something follows the value; expected the end");
  }

 private:
  struct Key {
    std::string_view name;
    std::size_t offset;
  };

  [[noreturn]] void fail(std::string reason) const { fail_at(at_, std::move(reason)); }
  [[noreturn]] static void fail_at(std::size_t offset, std::string reason) {
    throw Fault{offset, std::move(reason)};
  }

  // NUL stands for the end: no rule accepts it.
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  [[noreturn]] void unexpected(std::string_view wanted) const {
    const bool ended = at_ >= text_.size();
    fail((ended ? std::string("the text ends") : "found " + quoted(text_.substr(at_, 1))) + "; expected " +
         std::string(wanted));
  }
  void skip_space() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
      ++at_;
    }
  }

  void value(std::size_t level) {
    skip_space();
    switch (peek()) {
      case '{':
        return object(level + 1);
      case '[':
        return array(level + 1);
      case '"':
        string();
        return;
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  void word(std::string_view spelled) {
    if (text_.substr(at_, spelled.size()) != spelled) unexpected("a value");
    at_ += spelled.size();
  }

  void enter(std::size_t level) {
    if (level > k_most_levels)
      fail("more than " + std::to_string(k_most_levels) + " levels are nested; send a flatter document");
    ++at_;
    skip_space();
  }

  void array(std::size_t level) {
    enter(level);
    if (take(']')) return;
    for (;;) {
      value(level);
      skip_space();
      if (take(']')) return;
      if (!take(',')) unexpected("',' or ']'");
    }
  }

  void object(std::size_t level) {
    enter(level);
    if (take('}')) return;
    const std::size_t first_key = keys_.size();
    for (;;) {
      skip_space();
      if (peek() != '"') unexpected("a key in double quotes");
      const std::size_t offset = at_;
      keys_.push_back({string(), offset});
      skip_space();
      if (!take(':')) unexpected("':' after the key");
      skip_space();
      const std::size_t begin = at_;
      value(level);
      if (members_ && level == 1)
        members_->members_.push_back({keys_.back().name, text_.substr(begin, at_ - begin)});
      skip_space();
      if (take('}')) break;
      if (!take(',')) unexpected("',' or '}'");
    }
    refuse_duplicates(first_key);
    keys_.resize(first_key);
  }

  void refuse_duplicates(std::size_t first_key) {
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first_key), end = keys_.end();
    const auto refuse = [](const Key& key) {
      fail_at(key.offset, "the key " + quoted(key.name) + " stands twice in one object; send it once");
    };
    if (end - begin <= 8) {
      for (auto later = begin; later != end; ++later)
        for (auto earlier = begin; earlier != later; ++earlier)
          if (earlier->name == later->name) refuse(*later);
      return;
    }
    // Any order that brings equal keys together will do; lengths first is the cheapest. Offsets make the
    // report stable.
    std::sort(begin, end, [](const Key& a, const Key& b) {
      if (a.name.size() != b.name.size()) return a.name.size() < b.name.size();
      const int order = a.name.compare(b.name);
      return order != 0 ? order < 0 : a.offset < b.offset;
    });
    const auto twin =
        std::adjacent_find(begin, end, [](const Key& a, const Key& b) { return a.name == b.name; });
    if (twin != end) refuse(*std::next(twin));
  }

  // The content without quotes and with escapes undone; lives as long as the scanner.
  std::string_view string() {
    const std::size_t begin = ++at_;
    bool escaped = false;
    for (;;) {
      at_ = skip_plain(text_, at_);
      if (at_ >= text_.size()) unexpected("'\"' at the end of the string");
      const char c = text_[at_];
      if (c == '"') break;
      if (c == '\\') {
        escaped = true;
        escape();
      } else if (static_cast<unsigned char>(c) < 0x20) {
        fail("a control character stands in a string; write it as an escape");
      } else {
        const std::size_t length = utf8_sequence(text_, at_);
        if (length == 0) fail("a string is not UTF-8");
        at_ += length;
      }
    }
    const std::string_view content = text_.substr(begin, at_ - begin);
    ++at_;
    if (!escaped) return content;
    auto& kept = members_ ? members_->unescaped_ : unescaped_;
    return kept.emplace_back(unescape(content));
  }

  void escape() {
    const std::size_t begin = at_++;
    const char kind = peek();
    if (kind != 'u') {
      if (kind == '\0' || std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos)
        fail_at(begin, "an escape is unknown; write one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
      ++at_;
      return;
    }
    const auto code = hex_value(text_.substr(at_ + 1));
    if (!code) fail_at(begin, "\\u must be followed by four hexadecimal digits");
    at_ += 5;
    if (*code == 0) fail_at(begin, "\\u0000 is not accepted");
    if (is_low_surrogate(*code))
      fail_at(begin, "a low surrogate stands alone; expected a high one before it");
    if (!is_high_surrogate(*code)) return;
    const auto low = text_.substr(at_).starts_with("\\u") ? hex_value(text_.substr(at_ + 2)) : std::nullopt;
    if (!low || !is_low_surrogate(*low))
      fail_at(begin, "a high surrogate stands alone; expected a low one after it");
    at_ += 6;
  }

  std::size_t digits() {
    const std::size_t begin = at_;
    while (is_digit(peek())) ++at_;
    return at_ - begin;
  }

  void number() {
    const std::size_t begin = at_;
    bool whole = true;
    take('-');
    if (!is_digit(peek())) unexpected(at_ == begin ? "a value" : "a digit");
    const bool zero = peek() == '0';
    if (digits() > 1 && zero) fail_at(begin, "a number starts with '0'; write it without leading zeros");
    if (take('.')) {
      whole = false;
      if (digits() == 0) unexpected("a digit after the decimal point");
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      ++at_;
      if (!take('+')) take('-');
      if (digits() == 0) unexpected("a digit of the exponent");
    }
    check_range(begin, whole);
  }

  void check_range(std::size_t begin, bool whole) const {
    const std::string_view spelled = text_.substr(begin, at_ - begin);
    if (whole && spelled.size() <= 15) return;
    if (spelled.size() > k_longest_number)
      fail_at(begin, "a number has more than " + std::to_string(k_longest_number) + " characters");
    double number = 0;
    const auto read = std::from_chars(spelled.data(), spelled.data() + spelled.size(), number);
    // Out of range means too large, or too small to tell from zero; in so few characters only the latter has
    // an "e-".
    const bool vanishes = spelled.find("e-") != spelled.npos || spelled.find("E-") != spelled.npos;
    if (read.ec != std::errc() && !vanishes) fail_at(begin, "a number is too large");
    if (whole && !is_exact(spelled))
      fail_at(begin, "a whole number is outside of ±9007199254740992; write it as a string");
  }

  static bool is_exact(std::string_view whole) {
    std::int64_t number = 0;
    const auto read = std::from_chars(whole.data(), whole.data() + whole.size(), number);
    constexpr auto limit = static_cast<std::int64_t>(k_largest_integer);
    return read.ec == std::errc() && number >= -limit && number <= limit;
  }

  std::string_view text_;
  Members* members_;
  std::size_t at_ = 0;
  std::vector<Key> keys_;              // of all objects that are open
  std::deque<std::string> unescaped_;  // keys that held escapes
};

namespace {

void append_utf8(std::string& out, unsigned code) {
  const auto push = [&](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    push(code);
  } else if (code < 0x800) {
    push(0xc0 | code >> 6);
    push(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    push(0xe0 | code >> 12);
    push(0x80 | (code >> 6 & 0x3f));
    push(0x80 | (code & 0x3f));
  } else {
    push(0xf0 | code >> 18);
    push(0x80 | (code >> 12 & 0x3f));
    push(0x80 | (code >> 6 & 0x3f));
    push(0x80 | (code & 0x3f));
  }
}

}  // namespace

void scan(std::string_view text) {
  Scanner(text).run();
}

Members::Members(std::string_view text) {
  members_.reserve(16);
  try {
    Scanner(text, this).run();
  } catch (const Fault& fault) {
    throw fault_error(fault);
  }
  if (text.substr(text.find_first_not_of(" \n\r\t")).front() != '{')
    throw Error(Code::bad_request, "the JSON text is no object");
}

std::string_view Members::written(std::string_view key) const {
  for (const auto& member : members_)
    if (member.key == key) return member.value;
  return {};
}

std::optional<std::string> Members::string(std::string_view key) const {
  auto text = written(key);
  if (!text.starts_with('"')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  return text.find('\\') == text.npos ? std::string(text) : unescape(text);
}

std::optional<double> Members::number(std::string_view key) const {
  const auto text = written(key);
  if (text.empty() || (text.front() != '-' && !is_digit(text.front()))) return std::nullopt;
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<std::int64_t> Members::integer(std::string_view key) const {
  const auto found = number(key);
  return found ? exact_integer(*found) : std::nullopt;
}

Error fault_error(const Fault& fault) {
  return Error(Code::bad_request,
               "the JSON text is broken at byte " + std::to_string(fault.offset) + ": " + fault.reason);
}

std::string unescape(std::string_view content) {
  std::string out;
  out.reserve(content.size());
  for (std::size_t at = 0; at < content.size();) {
    if (content[at] != '\\') {
      out.push_back(content[at++]);
      continue;
    }
    const char kind = content[at + 1];
    at += 2;
    switch (kind) {
      case 'b':
        out.push_back('\b');
        break;
      case 'f':
        out.push_back('\f');
        break;
      case 'n':
        out.push_back('\n');
        break;
      case 'r':
        out.push_back('\r');
        break;
      case 't':
        out.push_back('\t');
        break;
      case 'u': {
        unsigned code = *hex_value(content.substr(at));
        at += 4;
        if (is_high_surrogate(code)) {
          code = 0x10000 + ((code - 0xd800) << 10) + (*hex_value(content.substr(at + 2)) - 0xdc00);
          at += 6;
        }
        append_utf8(out, code);
        break;
      }
      default:
        out.push_back(kind);
    }
  }
  return out;
}

}  // namespace wharf::json
