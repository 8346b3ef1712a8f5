// SPDX-License-Identifier: MIT
#include "libwharf/crypto/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

#include "libwharf/base/handle.hpp"
#include "libwharf/crypto/openssl.hpp"

namespace wharf {
namespace {

constexpr std::size_t k_digest_size = 32;

// Fetched once: OpenSSL 3 looks an algorithm up anew at each use of EVP_sha256(), which costs more than a
// short hash.
const EVP_MD* algorithm() {
  static const Handle<EVP_MD, EVP_MD_free> fetched(EVP_MD_fetch(nullptr, "SHA2-256", nullptr));
  openssl::check(fetched != nullptr, "fetching SHA-256");
  return fetched.get();
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

struct Sha256::Context {
  Handle<EVP_MD_CTX, EVP_MD_CTX_free> handle{EVP_MD_CTX_new()};
  bool finished = false;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  openssl::check(context_->handle != nullptr, "making a SHA-256 context");
  openssl::check(EVP_DigestInit_ex2(context_->handle.get(), algorithm(), nullptr), "starting SHA-256");
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  if (context_->finished) throw std::logic_error("Sha256: update after finish");
  openssl::check(EVP_DigestUpdate(context_->handle.get(), bytes.data(), bytes.size()), "SHA-256");
}

std::string Sha256::finish() {
  if (context_->finished) throw std::logic_error("Sha256: finish twice");
  context_->finished = true;
  std::string digest(k_digest_size, '\0');
  openssl::check(EVP_DigestFinal_ex(context_->handle.get(), bytes_of(digest), nullptr), "finishing SHA-256");
  return digest;
}

std::string sha256(std::string_view bytes) {
  std::string digest(k_digest_size, '\0');
  openssl::check(EVP_Digest(bytes.data(), bytes.size(), bytes_of(digest), nullptr, algorithm(), nullptr),
                 "SHA-256");
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  // HMAC() takes a null key as "the one from before".
  const char* const key_bytes = key.data() ? key.data() : "";
  std::string mac(k_digest_size, '\0');
  openssl::check(HMAC(algorithm(), key_bytes, static_cast<int>(key.size()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), bytes_of(mac),
                      nullptr) != nullptr,
                 "HMAC-SHA-256");
  return mac;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace wharf
