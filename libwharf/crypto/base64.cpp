// SPDX-License-Identifier: MIT
#include "libwharf/crypto/base64.hpp"

#include <array>

namespace wharf {
namespace {

constexpr std::string_view k_standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view k_url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Value of each character, -1 for those that are none.
using Table = std::array<signed char, 256>;
constexpr Table table_of(std::string_view alphabet) {
  Table table{};
  table.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<signed char>(i);
  return table;
}
constexpr Table k_standard_values = table_of(k_standard);
constexpr Table k_url_values = table_of(k_url);

int value_of(const Table& table, char c) {
  return table[static_cast<unsigned char>(c)];
}

char low_byte(unsigned bits) {
  return static_cast<char>(bits & 0xff);
}

std::string encode(std::string_view bytes, std::string_view alphabet, bool padded) {
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
  };
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const unsigned bits = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    for (const unsigned shift : {18u, 12u, 6u, 0u}) text.push_back(alphabet[bits >> shift & 63]);
  }
  const std::size_t surplus = (3 - bytes.size() % 3) % 3;
  text.resize(text.size() - surplus);
  if (padded) text.append(surplus, '=');
  return text;
}

// Bytes on their way to the sink, in portions that are worth a write.
class Portion {
 public:
  explicit Portion(const Base64Decoder::Sink& sink) : sink_(sink) {}
  void push(char byte) {
    if (size_ == buffer_.size()) flush();
    buffer_[size_++] = byte;
  }
  void flush() {
    if (size_ > 0) sink_(std::string_view(buffer_.data(), size_));
    size_ = 0;
  }
  // As many whole groups of four characters as are all valid and fit; returns how many characters were taken.
  std::size_t decode_groups(std::string_view text) {
    std::size_t at = 0;
    while (at + 4 <= text.size()) {
      if (size_ + 3 > buffer_.size()) flush();
      const int a = value_of(k_standard_values, text[at]), b = value_of(k_standard_values, text[at + 1]),
                c = value_of(k_standard_values, text[at + 2]), d = value_of(k_standard_values, text[at + 3]);
      if ((a | b | c | d) < 0) break;
      const unsigned bits = static_cast<unsigned>(a << 18 | b << 12 | c << 6 | d);
      buffer_[size_] = low_byte(bits >> 16);
      buffer_[size_ + 1] = low_byte(bits >> 8);
      buffer_[size_ + 2] = low_byte(bits);
      size_ += 3;
      at += 4;
    }
    return at;
  }

 private:
  const Base64Decoder::Sink& sink_;
  std::array<char, 48 * 1024> buffer_;
  std::size_t size_ = 0;
};

}  // namespace

std::string to_base64(std::string_view bytes) {
  return encode(bytes, k_standard, true);
}
std::string to_base64url(std::string_view bytes) {
  return encode(bytes, k_url, false);
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  Base64Decoder decoder([&](std::string_view piece) { bytes += piece; });
  if (!decoder.feed(text) || !decoder.finish()) return std::nullopt;
  return bytes;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = value_of(k_url_values, c);
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(low_byte(bits >> held));
    bits &= (1u << held) - 1;
  }
  if (bits != 0) return std::nullopt;
  return bytes;
}

// `count_` characters of a group of four are in `pending_`, followed by `padding_` signs; a padded group is
// the last.
bool Base64Decoder::feed(std::string_view text) {
  Portion portion(sink_);
  for (std::size_t at = 0;; ++at) {
    if (count_ == 0) at += portion.decode_groups(text.substr(at));
    if (at == text.size()) break;
    if (text[at] == '=') {
      ++padding_;
      if (count_ < 2 || count_ + padding_ > 4) return false;
      if (count_ + padding_ < 4) continue;
      const unsigned unused = padding_ == 1 ? 2 : 4;
      if (pending_ & ((1u << unused) - 1)) return false;
      pending_ >>= unused;
      if (padding_ == 1) portion.push(low_byte(pending_ >> 8));
      portion.push(low_byte(pending_));
      continue;
    }
    const int value = value_of(k_standard_values, text[at]);
    if (value < 0 || padding_ > 0) return false;
    pending_ = pending_ << 6 | static_cast<unsigned>(value);
    if (++count_ < 4) continue;
    for (const unsigned shift : {16u, 8u, 0u}) portion.push(low_byte(pending_ >> shift));
    pending_ = 0;
    count_ = 0;
  }
  portion.flush();
  return true;
}

bool Base64Decoder::finish() {
  return padding_ > 0 ? count_ + padding_ == 4 : count_ == 0;
}

}  // namespace wharf
