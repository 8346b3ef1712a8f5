// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <optional>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/base64.hpp"
#include "registry/config/config.hpp"

namespace wharf {

namespace {

constexpr std::string_view k_well_known = "wharf development key, known to all: never use it";
constexpr std::size_t k_least_bytes = 32;

std::optional<std::string> decode_key(std::string_view line) {
  if (auto bytes = from_hex(line)) return bytes;
  return from_base64(line);
}

}  // namespace

std::vector<std::string> load_jwt_keys(const Config& config) {
  const bool is_production = config.site.mode == Config::Mode::production;
  const Path& file = config.auth.jwt_key_file;
  if (file.empty()) {
    if (!is_production) return {std::string(k_well_known)};
    throw Error(
        Code::bad_request,
        "auth.jwt_key_file is not set; production needs a key of its own: `wharf-registry init` makes one");
  }
  const auto fail = [&](const std::string& what) {
    return Error(Code::bad_request, "the session key file " + wharf::quoted(file.native()) + " " + what);
  };
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0)
    throw fail("does not exist or cannot be reached; `wharf-registry init` makes one");
  if (is_production && (status.st_mode & S_IRWXO) != 0)
    throw fail("can be read by everyone; expected mode 0600 or 0640");
  std::optional<std::string> text;
  try {
    text = read_file(file, 1u << 16);
  } catch (const Error&) {
    throw fail("cannot be read by this user");
  }
  if (!text) throw fail("is gone");
  std::vector<std::string> keys;
  int number = 0;
  for (auto line : split(*text, '\n')) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    line = trim(line);
    if (line.empty() || line.front() == '#') continue;
    const auto key = decode_key(line);
    const std::string at = "holds in line " + std::to_string(number);
    if (!key) throw fail(at + " what is neither hex nor base64; expected one key a line");
    if (is_production && key->size() < k_least_bytes)
      throw fail(at + " a key of " + std::to_string(key->size()) + " bytes; production needs at least 32");
    if (is_production && *key == k_well_known)
      throw fail(at + " the well-known development key; make one of your own");
    keys.push_back(*key);
  }
  if (keys.empty()) throw fail("holds no key; expected one a line in hex or base64");
  return keys;
}

}  // namespace wharf
