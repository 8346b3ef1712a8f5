// SPDX-License-Identifier: MIT
// Base64 of RFC 4648: the standard alphabet with padding (uploads), and the URL-safe one without (JWT).
// Strict: no white space, no foreign characters, padding exactly where it belongs, unused bits zero.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace wharf {

std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);
std::optional<std::string> from_base64url(std::string_view text);

// Decodes the standard alphabet in pieces of any size and hands the bytes on.
class Base64Decoder {
 public:
  using Sink = std::function<void(std::string_view bytes)>;
  explicit Base64Decoder(Sink sink) : sink_(std::move(sink)) {}
  bool feed(std::string_view text);  // false where the text is not base64; nothing may be fed after that
  bool finish();                     // false where the text ends in the middle

 private:
  Sink sink_;
  unsigned pending_ = 0;
  int count_ = 0;
  int padding_ = 0;
};

}  // namespace wharf
