// SPDX-License-Identifier: MIT
#include "libwharf/crypto/token.hpp"

#include <algorithm>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/base62.hpp"
#include "libwharf/crypto/crc32.hpp"
#include "libwharf/crypto/digest.hpp"
#include "libwharf/crypto/random.hpp"

namespace wharf {
namespace {

constexpr std::string_view k_prefix = "wharf_";
constexpr std::string_view k_vais_prefix = "vais_";
constexpr std::size_t k_vais_secret = 64;
constexpr std::size_t k_secret = 43;  // 256 bits
constexpr std::size_t k_check = 6;    // 62^6 holds every CRC-32

// The CRC as a number in base 62, most significant digit first, filled up with '0'.
std::string check_part(std::string_view secret) {
  std::string digits(k_check, '0');
  std::uint32_t rest = crc32(secret);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, rest /= 62)
    *digit = k_base62[rest % 62];
  return digits;
}

}  // namespace

std::string make_api_token() {
  const std::string secret = random_base62(k_secret);
  return std::string(k_prefix) + secret + check_part(secret);
}

bool looks_like_api_token(std::string_view text) {
  if (text.size() != k_prefix.size() + k_secret + k_check || !text.starts_with(k_prefix)) return false;
  const std::string_view secret = text.substr(k_prefix.size(), k_secret);
  return std::all_of(secret.begin(), secret.end(), is_alphanumeric) && text.ends_with(check_part(secret));
}

bool looks_like_vais_token(std::string_view text) {
  const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  return text.size() == k_vais_prefix.size() + k_vais_secret && text.starts_with(k_vais_prefix) &&
         std::all_of(text.begin() + k_vais_prefix.size(), text.end(), is_hex);
}

std::string api_token_digest(std::string_view token) {
  return sha256(token);
}

}  // namespace wharf
