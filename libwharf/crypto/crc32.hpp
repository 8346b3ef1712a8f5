// SPDX-License-Identifier: MIT
// CRC-32/ISO-HDLC (the one of gzip): tells noise from a token, protects nothing. For short texts: bit by bit.
#pragma once

#include <cstdint>
#include <string_view>

namespace wharf {

constexpr std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t remainder = 0xffffffffu;
  for (const char byte : bytes) {
    remainder ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) remainder = remainder >> 1 ^ (remainder & 1 ? 0xedb88320u : 0u);
  }
  return ~remainder;
}

}  // namespace wharf
