// SPDX-License-Identifier: MIT
#include "registry/services/reason.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

constexpr std::size_t k_reason_characters = 500;

}  // namespace

std::optional<std::string> checked_reason(const std::optional<std::string>& reason) {
  if (!reason || trim(*reason).empty()) return std::nullopt;
  const auto characters =
      std::ranges::count_if(*reason, [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; });
  if (static_cast<std::size_t>(characters) > k_reason_characters)
    throw Error(Code::bad_request,
                "'reason' is longer than " + std::to_string(k_reason_characters) + " characters; shorten it");
  if (has_control_characters(*reason) || !is_utf8(*reason))
    throw Error(Code::bad_request, "'reason' has control characters; write one line of plain text");
  return std::string(trim(*reason));
}

std::string required_reason(const std::optional<std::string>& reason, std::string_view what) {
  auto checked = checked_reason(reason);
  if (!checked)
    throw Error(Code::bad_request, std::string(what) + " needs a reason, which everyone will be shown");
  return std::move(*checked);
}

}  // namespace wharf
