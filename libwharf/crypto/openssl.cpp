// SPDX-License-Identifier: MIT
#include "libwharf/crypto/openssl.hpp"

#include <openssl/err.h>

#include <string>

#include "libwharf/base/error.hpp"

namespace wharf::openssl {

void check(int result, std::string_view what) {
  if (result == 1) return;
  std::string detail = "openssl: " + std::string(what);
  while (const unsigned long reason = ERR_get_error()) {
    char text[256];
    ERR_error_string_n(reason, text, sizeof text);
    detail += std::string(": ") + text;
  }
  throw internal_error(std::move(detail));
}

}  // namespace wharf::openssl
