// SPDX-License-Identifier: MIT
// SHA-256 (FIPS 180-4), in one go or in pieces. A digest is 32 raw bytes in a std::string; `to_hex` shows it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace wharf {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::string_view bytes);
  std::string finish();  // 32 bytes; once

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
// Compares in a time that does not depend on the content.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace wharf
