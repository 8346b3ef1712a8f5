// SPDX-License-Identifier: MIT
#include "libwharf/crypto/random.hpp"

#include <openssl/rand.h>

#include "libwharf/crypto/base62.hpp"
#include "libwharf/crypto/openssl.hpp"

namespace wharf {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  openssl::check(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)),
                 "drawing random bytes");
  return bytes;
}

std::string random_base62(std::size_t count) {
  // 248 is the largest multiple of 62 in a byte: what lies above would favour the first characters.
  constexpr unsigned fair = 248;
  std::string text;
  text.reserve(count);
  while (text.size() < count) {
    for (const char byte : random_bytes(count - text.size() + 8)) {
      const unsigned drawn = static_cast<unsigned char>(byte);
      if (drawn < fair && text.size() < count) text.push_back(k_base62[drawn % 62]);
    }
  }
  return text;
}

}  // namespace wharf
