// SPDX-License-Identifier: MIT
// What part of a body a 206 brings (RFC 9110 §14.4): `bytes 500-999/1000`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wharf::client {

struct ContentRange {
  std::uint64_t first = 0, last = 0;
  std::optional<std::uint64_t> total;  // nothing for `*`
  bool operator==(const ContentRange&) const = default;
};

// Nothing where it is of another form, or says what cannot be.
std::optional<ContentRange> read_content_range(std::string_view text);

}  // namespace wharf::client
