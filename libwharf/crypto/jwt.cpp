// SPDX-License-Identifier: MIT
#include "libwharf/crypto/jwt.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/base64.hpp"
#include "libwharf/crypto/digest.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf {
namespace {

constexpr std::size_t k_shortest_key = 32;
constexpr std::size_t k_longest_token = 1024;
constexpr std::string_view k_header = R"({"alg":"HS256","typ":"JWT"})";

std::int64_t to_seconds(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}
Time from_seconds(std::int64_t seconds) {
  return Time(std::chrono::seconds(seconds));
}

bool is_our_header(std::string_view text) {
  const auto document = json::parse(text);
  const auto header = document.root();
  return header.size() == 2 && header["alg"].string() == "HS256" && header["typ"].string() == "JWT";
}

std::optional<SessionClaims> claims_of(std::string_view text) {
  const auto document = json::parse(text);
  const auto claims = document.root();
  const auto subject = claims["sub"].string(), id = claims["jti"].string();
  const auto issued = claims["iat"].integer(), expires = claims["exp"].integer();
  if (!subject || subject->empty() || !id || id->empty() || !issued || !expires) return std::nullopt;
  return SessionClaims{std::string(*subject), std::string(*id), from_seconds(*issued),
                       from_seconds(*expires)};
}

}  // namespace

JwtKeys::JwtKeys(std::vector<std::string> keys) : keys_(std::move(keys)) {
  if (keys_.empty()) throw internal_error("no key for session tokens is configured");
  for (const auto& key : keys_)
    if (key.size() < k_shortest_key)
      throw internal_error("a key for session tokens has " + std::to_string(key.size()) +
                           " bytes; expected at least " + std::to_string(k_shortest_key));
}

std::string JwtKeys::sign(const SessionClaims& claims) const {
  json::Writer body;
  body.begin_object();
  body.member("sub", claims.subject).member("jti", claims.id);
  body.member("iat", to_seconds(claims.issued_at)).member("exp", to_seconds(claims.expires_at));
  body.end_object();
  std::string token = to_base64url(k_header) + "." + to_base64url(body.text());
  token += "." + to_base64url(hmac_sha256(keys_.front(), token));
  if (token.size() > k_longest_token)
    throw internal_error("a session token of " + std::to_string(token.size()) +
                         " bytes would not be accepted back");
  return token;
}

std::optional<SessionClaims> JwtKeys::verify(std::string_view token, Time at) const {
  if (token.size() > k_longest_token) return std::nullopt;
  const auto parts = split(token, '.');
  if (parts.size() != 3) return std::nullopt;
  const auto header = from_base64url(parts[0]), body = from_base64url(parts[1]),
             signature = from_base64url(parts[2]);
  if (!header || !body || !signature) return std::nullopt;

  // The signature comes first: nothing is read from a text that is not ours.
  const std::string_view signed_part = token.substr(0, parts[0].size() + 1 + parts[1].size());
  bool fits = false;
  for (const auto& key : keys_) fits |= equal_constant_time(hmac_sha256(key, signed_part), *signature);
  if (!fits) return std::nullopt;

  try {
    if (!is_our_header(*header)) return std::nullopt;
    auto claims = claims_of(*body);
    if (!claims || claims->expires_at <= at) return std::nullopt;
    return claims;
  } catch (const Error& error) {
    if (error.code() != Code::bad_request) throw;
    return std::nullopt;  // not JSON
  }
}

}  // namespace wharf
