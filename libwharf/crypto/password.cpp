// SPDX-License-Identifier: MIT
#include "libwharf/crypto/password.hpp"

#include <argon2.h>
#include <openssl/evp.h>

#include <algorithm>
#include <optional>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/base64.hpp"
#include "libwharf/crypto/common_passwords.hpp"
#include "libwharf/crypto/digest.hpp"
#include "libwharf/crypto/openssl.hpp"
#include "libwharf/crypto/random.hpp"

namespace wharf {
namespace {

struct Cost {
  std::uint64_t memory_kib, passes, lanes;
  bool operator==(const Cost&) const = default;
};
constexpr Cost k_cost{64 * 1024, 3, 1};
constexpr Cost k_highest_cost{256 * 1024, 10, 4};
constexpr std::size_t k_salt = 16, k_hash = 32;
constexpr std::uint64_t k_most_rounds = 1'000'000;

constexpr std::size_t k_fewest_characters = 8, k_most_bytes = 128;

void check_argon2(int result, std::string_view what) {
  if (result != ARGON2_OK)
    throw internal_error("argon2: " + std::string(what) + ": " + argon2_error_message(result));
}

std::string unpadded_base64(std::string_view bytes) {
  std::string text = to_base64(bytes);
  text.resize(text.find_last_not_of('=') + 1);
  return text;
}

std::string phc_string(std::string_view salt, std::string_view hash) {
  return "$argon2id$v=19$m=" + std::to_string(k_cost.memory_kib) + ",t=" + std::to_string(k_cost.passes) +
         ",p=" + std::to_string(k_cost.lanes) + "$" + unpadded_base64(salt) + "$" + unpadded_base64(hash);
}

// The number in "m=65536", given "m=".
std::optional<std::uint64_t> parameter(std::string_view text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  return parse_number(text.substr(name.size()));
}

std::optional<Cost> cost_of(std::string_view text) {
  const auto parts = split(text, ',');
  if (parts.size() != 3) return std::nullopt;
  const auto memory = parameter(parts[0], "m="), passes = parameter(parts[1], "t="),
             lanes = parameter(parts[2], "p=");
  if (!memory || !passes || !lanes) return std::nullopt;
  return Cost{*memory, *passes, *lanes};
}

struct Argon2Hash {
  Cost cost;
  std::string_view salt, hash;  // base64
};

// $argon2id$v=19$m=…,t=…,p=…$salt$hash. What stands in it is bounded here, before the library believes it.
std::optional<Argon2Hash> argon2_hash_of(std::string_view stored) {
  const auto parts = split(stored, '$');
  if (!stored.starts_with("$argon2id$") || parts.size() != 6 || parts[2] != "v=19" ||
      has_control_characters(stored))
    return std::nullopt;
  const auto cost = cost_of(parts[3]);
  if (!cost || cost->memory_kib > k_highest_cost.memory_kib || cost->passes > k_highest_cost.passes ||
      cost->lanes > k_highest_cost.lanes)
    return std::nullopt;
  const std::size_t longest = unpadded_base64(std::string(64, '\0')).size();
  if (parts[4].size() > longest || parts[5].size() > longest) return std::nullopt;
  return Argon2Hash{*cost, parts[4], parts[5]};
}

PasswordCheck check_argon2id(std::string_view password, std::string_view stored) {
  const auto form = argon2_hash_of(stored);
  if (!form) return {};
  const int result = argon2id_verify(std::string(stored).c_str(), password.data(), password.size());
  if (result == ARGON2_MEMORY_ALLOCATION_ERROR) check_argon2(result, "checking a password");
  if (result != ARGON2_OK) return {};
  const bool of_today = form->cost == k_cost &&
                        form->salt.size() == unpadded_base64(std::string(k_salt, '\0')).size() &&
                        form->hash.size() == unpadded_base64(std::string(k_hash, '\0')).size();
  return {.matches = true, .outdated = !of_today};
}

struct Pbkdf2Hash {
  std::uint64_t rounds;
  std::string_view salt;
  std::string hash;  // 32 bytes
};

// pbkdf2_sha256$rounds$salt$hash: the salt's text is the salt, also where it looks like hex.
std::optional<Pbkdf2Hash> pbkdf2_hash_of(std::string_view stored) {
  const auto parts = split(stored, '$');
  if (parts.size() != 4 || parts[0] != "pbkdf2_sha256") return std::nullopt;
  const auto rounds = parse_number(parts[1]);
  auto hash = from_hex(parts[3]);
  if (!rounds || *rounds == 0 || *rounds > k_most_rounds || !hash || hash->size() != 32) return std::nullopt;
  return Pbkdf2Hash{*rounds, parts[2], std::move(*hash)};
}

PasswordCheck check_pbkdf2(std::string_view password, std::string_view stored) {
  const auto form = pbkdf2_hash_of(stored);
  if (!form) return {};
  std::string derived(32, '\0');
  openssl::check(
      PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                        reinterpret_cast<const unsigned char*>(form->salt.data()),
                        static_cast<int>(form->salt.size()), static_cast<int>(form->rounds), EVP_sha256(),
                        static_cast<int>(derived.size()), reinterpret_cast<unsigned char*>(derived.data())),
      "PBKDF2");
  const bool matches = equal_constant_time(derived, form->hash);
  return {.matches = matches, .outdated = matches};
}

[[noreturn]] void unacceptable(std::string reason) {
  throw Error(Code::password_unacceptable, std::move(reason));
}

}  // namespace

std::string hash_password(std::string_view password) {
  const std::string salt = random_bytes(k_salt);
  std::string hash(k_hash, '\0');
  check_argon2(argon2id_hash_raw(k_cost.passes, k_cost.memory_kib, k_cost.lanes, password.data(),
                                 password.size(), salt.data(), salt.size(), hash.data(), hash.size()),
               "hashing a password");
  return phc_string(salt, hash);
}

PasswordCheck check_password(std::string_view password, std::string_view stored_hash) {
  if (stored_hash.starts_with("$argon2id$")) return check_argon2id(password, stored_hash);
  if (stored_hash.starts_with("pbkdf2_sha256$")) return check_pbkdf2(password, stored_hash);
  return {};
}

bool is_checkable_password_hash(std::string_view stored_hash) {
  return argon2_hash_of(stored_hash) || pbkdf2_hash_of(stored_hash);
}

const std::string& impossible_password_hash() {
  // Not the hash of anything: 32 random bytes in the place of one.
  static const std::string made = phc_string(random_bytes(k_salt), random_bytes(k_hash));
  return made;
}

void require_acceptable_password(std::string_view password, std::string_view username) {
  if (password.size() > k_most_bytes)
    unacceptable("the password has " + std::to_string(password.size()) + " bytes; at most " +
                 std::to_string(k_most_bytes) + " are accepted");
  if (!is_utf8(password)) unacceptable("the password is not UTF-8; expected text");
  const auto characters = std::count_if(password.begin(), password.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  });
  if (static_cast<std::size_t>(characters) < k_fewest_characters)
    unacceptable("the password has " + std::to_string(characters) + " characters; expected at least " +
                 std::to_string(k_fewest_characters));
  if (equal_folded(password, username)) unacceptable("the password is the user name; choose another");
  if (is_common_password(password))
    unacceptable(
        "the password is one of those that everyone tries first; choose another, for example a few words");
}

}  // namespace wharf
