// SPDX-License-Identifier: MIT
#include "client/http/origin.hpp"

#include <algorithm>

#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

bool is_host_character(char c) {
  return is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
}

bool is_address_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
}

// Takes the host off the front of the authority; empty where there is none.
std::string take_host(std::string_view& authority) {
  const bool bracketed = authority.starts_with('[');
  const std::size_t end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos) return {};
  const std::string host = fold(authority.substr(0, bracketed ? end + 1 : end));
  const std::string_view inner =
      bracketed ? std::string_view(host).substr(1, host.size() - 2) : std::string_view(host);
  if (inner.empty() ||
      !std::all_of(inner.begin(), inner.end(), bracketed ? is_address_character : is_host_character))
    return {};
  authority.remove_prefix(host.size());
  return host;
}

}  // namespace

std::string Origin::text() const {
  const bool implied = port == (scheme == "https" ? 443 : 80);
  return scheme + "://" + host + (implied ? "" : ":" + std::to_string(port));
}

std::optional<Origin> origin_of(std::string_view url) {
  if (std::any_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c > '~'; })) return std::nullopt;
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  Origin origin;
  origin.scheme = fold(url.substr(0, colon));
  if (origin.scheme != "http" && origin.scheme != "https") return std::nullopt;
  std::string_view authority = url.substr(colon + 3);
  authority = authority.substr(0, std::min(authority.find_first_of("/?#"), authority.size()));
  origin.host = take_host(authority);
  if (origin.host.empty()) return std::nullopt;
  origin.port = origin.scheme == "https" ? 443 : 80;
  if (authority.empty()) return origin;
  const auto port = authority[0] == ':' ? parse_number(authority.substr(1)) : std::nullopt;
  if (!port || *port == 0 || *port > 65535) return std::nullopt;
  origin.port = static_cast<std::uint16_t>(*port);
  return origin;
}

}  // namespace wharf::client
