// SPDX-License-Identifier: MIT
#include "client/pack/secrets.hpp"

#include <cstring>
#include <span>
#include <vector>

#include "client/pack/ignore_rules.hpp"
#include "libwharf/base/file.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/token.hpp"

namespace wharf::client {

namespace {

struct Named {
  std::string_view pattern, reason;
};

constexpr Named k_innocent[] = {{".env.example", ""},
                                {".env.sample", ""},
                                {".env.template", ""},
                                {".env.dist", ""},
                                {".env.defaults", ""}};

constexpr std::string_view k_passwords = "is where passwords and tokens are kept";
constexpr std::string_view k_private_key = "is called like a private key";
constexpr Named k_names[] = {
    {".env*", "is where an environment's passwords are kept"},
    {".npmrc", k_passwords},
    {".netrc", k_passwords},
    {"_netrc", k_passwords},
    {".pypirc", k_passwords},
    {".pgpass", k_passwords},
    {".htpasswd", k_passwords},
    {".dockercfg", k_passwords},
    {".git-credentials", k_passwords},
    {"credentials", k_passwords},
    {"credentials.json", k_passwords},
    {"credentials.toml", k_passwords},
    {"credentials.ini", k_passwords},
    {"credentials.y*ml", k_passwords},
    {"id_rsa", k_private_key},
    {"id_dsa", k_private_key},
    {"id_ecdsa", k_private_key},
    {"id_ecdsa_sk", k_private_key},
    {"id_ed25519", k_private_key},
    {"id_ed25519_sk", k_private_key},
    {"*.ppk", k_private_key},
    {"*.key", k_private_key},
    {"*.p8", k_private_key},
    {"*.pk8", k_private_key},
    {"*.p12", "is a store of keys"},
    {"*.pfx", "is a store of keys"},
    {"*.jks", "is a store of keys"},
    {"*.keystore", "is a store of keys"},
    {"*.kdbx", "is a store of passwords"},
};

bool is_base64(char c) {
  return is_alphanumeric(c) || c == '+' || c == '/' || c == '=';
}
bool is_word(char c) {
  return is_alphanumeric(c) || c == '_';
}
bool is_upper_or_digit(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z');
}
bool is_dashed_word(char c) {
  return is_word(c) || c == '-';
}

std::size_t run_of(std::string_view text, bool (*belongs)(char)) {
  std::size_t length = 0;
  while (length < text.size() && belongs(text[length])) ++length;
  return length;
}

// How far behind a marker is looked.
constexpr std::size_t k_reach = 512;

// `rest` begins with the marker and goes on for k_reach bytes, unless the file ends before.
using Check = bool (*)(std::string_view rest, std::string_view path);

bool is_wharf_token(std::string_view rest, std::string_view) {
  return looks_like_api_token(rest.substr(0, run_of(rest, is_word)));
}
bool is_vais_token(std::string_view rest, std::string_view) {
  return looks_like_vais_token(rest.substr(0, run_of(rest, is_word)));
}
// Documents show keys that end in EXAMPLE.
bool is_amazon_key(std::string_view rest, std::string_view) {
  const auto run = rest.substr(0, run_of(rest, is_word));
  return run.size() == 20 && run_of(run, is_upper_or_digit) == 20 && !run.ends_with("EXAMPLE");
}
template <std::size_t prefix, std::size_t least, bool (*belongs)(char)>
bool goes_on(std::string_view rest, std::string_view) {
  return run_of(rest.substr(prefix), belongs) >= least;
}

// A program that reads keys names the header, too: a key is what has one and goes on like one.
bool is_private_key(std::string_view rest, std::string_view path) {
  const auto header_end = rest.find("-----", 11);
  if (header_end == std::string_view::npos || header_end > 60) return false;
  const auto header = rest.substr(11, header_end - 11);
  if (!header.ends_with("PRIVATE KEY") && header != "PGP PRIVATE KEY BLOCK") return false;
  if (path.ends_with(".pem") || path.ends_with(".key")) return true;
  for (std::size_t at = header_end + 5; at < rest.size();) {
    const auto length = run_of(rest.substr(at), is_base64);
    if (length >= 40) return true;
    at += length + 1;
  }
  return false;
}

struct Marker {
  std::string_view text;
  Check check;
  std::string_view reason;
};

constexpr Marker k_markers[] = {
    {"-----BEGIN ", is_private_key, "holds a private key"},
    {"wharf_", is_wharf_token, "holds an API token of a Wharf registry"},
    {"vais_", is_vais_token, "holds a token of a Vais registry"},
    {"AKIA", is_amazon_key, "holds an access key of AWS"},
    {"ASIA", is_amazon_key, "holds an access key of AWS"},
    {"ghp_", goes_on<4, 36, is_alphanumeric>, "holds a token of GitHub"},
    {"gho_", goes_on<4, 36, is_alphanumeric>, "holds a token of GitHub"},
    {"ghs_", goes_on<4, 36, is_alphanumeric>, "holds a token of GitHub"},
    {"github_pat_", goes_on<11, 60, is_word>, "holds a token of GitHub"},
    {"glpat-", goes_on<6, 20, is_dashed_word>, "holds a token of GitLab"},
    {"npm_", goes_on<4, 36, is_alphanumeric>, "holds a token of npm"},
    {"pypi-AgEI", goes_on<9, 60, is_dashed_word>, "holds a token of PyPI"},
    {"sk_live_", goes_on<8, 24, is_alphanumeric>, "holds a key of Stripe"},
    {"xoxb-", goes_on<5, 40, is_dashed_word>, "holds a token of Slack"},
    {"xoxp-", goes_on<5, 40, is_dashed_word>, "holds a token of Slack"},
};

// Beginnings from `from` to before `end` count; what stands around them is in `text`.
std::optional<std::string> find_in(std::string_view text, std::size_t from, std::size_t end,
                                   std::string_view path) {
  for (const auto& marker : k_markers) {
    std::size_t at = from;
    while (at < end) {
      const void* found =
          ::memmem(text.data() + at, text.size() - at, marker.text.data(), marker.text.size());
      if (found == nullptr) break;
      at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
      if (at >= end) break;
      // Within a longer word it is part of something else.
      const bool begins = at == 0 || !is_word(text[at - 1]);
      if (begins && marker.check(text.substr(at, k_reach), path)) return std::string(marker.reason);
      at += marker.text.size();
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> secret_by_name(std::string_view path) {
  const auto slash = path.rfind('/');
  const std::string name = fold(slash == std::string_view::npos ? path : path.substr(slash + 1));
  for (const auto& known : k_innocent)
    if (name == known.pattern) return std::nullopt;
  for (const auto& known : k_names)
    if (name_fits(known.pattern, name)) return std::string(known.reason);
  return std::nullopt;
}

std::optional<std::string> secret_inside(int fd, std::string_view path) {
  seek_to(fd, 0);
  std::vector<char> buffer(1u << 20);
  std::size_t held = 0, from = 0;
  for (;;) {
    const auto count = read_some(fd, std::as_writable_bytes(std::span(buffer).subspan(held)));
    const std::string_view text(buffer.data(), held + count);
    if (count == 0) return find_in(text, from, text.size(), path);
    if (text.size() <= 2 * k_reach) {
      held = text.size();
      continue;
    }
    const std::size_t end = text.size() - k_reach;
    if (auto reason = find_in(text, from, end, path)) return reason;
    // One byte more than what is still to be searched: whether a word begins there.
    std::memmove(buffer.data(), buffer.data() + end - 1, k_reach + 1);
    held = k_reach + 1;
    from = 1;
  }
}

}  // namespace wharf::client
