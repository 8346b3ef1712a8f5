// SPDX-License-Identifier: MIT
// The origin of a URL (RFC 6454): what a token belongs to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wharf::client {

struct Origin {
  std::string scheme;  // "http" or "https"
  std::string host;    // small letters; an IPv6 address in its brackets
  std::uint16_t port = 0;
  bool operator==(const Origin&) const = default;
  // "https://packages.example.org", "http://localhost:8080".
  std::string text() const;
};

// Nothing where the text is not an absolute http or https URL in printable ASCII, or has a user in it. It
// reads less than curl does, so that the two never see different hosts in one text.
std::optional<Origin> origin_of(std::string_view url);

}  // namespace wharf::client
