// SPDX-License-Identifier: MIT
#include "client/registry/content_range.hpp"

#include "libwharf/base/text.hpp"

namespace wharf::client {

std::optional<ContentRange> read_content_range(std::string_view text) {
  constexpr std::string_view k_unit = "bytes ";
  text = trim(text);
  if (!equal_folded(text.substr(0, k_unit.size()), k_unit)) return std::nullopt;
  text.remove_prefix(k_unit.size());
  const std::size_t dash = text.find('-'), slash = text.find('/');
  if (dash == text.npos || slash == text.npos || slash < dash) return std::nullopt;
  const auto first = parse_number(text.substr(0, dash)),
             last = parse_number(text.substr(dash + 1, slash - dash - 1));
  const std::string_view whole = text.substr(slash + 1);
  const auto total = parse_number(whole);
  if (!first || !last || *last < *first || (!total && whole != "*") || (total && *last >= *total))
    return std::nullopt;
  return ContentRange{*first, *last, total};
}

}  // namespace wharf::client
