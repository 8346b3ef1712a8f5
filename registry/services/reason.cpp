// SPDX-License-Identifier: MIT
#include "registry/services/reason.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

bool is_too_long(std::string_view text) {
  const auto characters =
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; });
  return static_cast<std::size_t>(characters) > k_reason_characters;
}

bool is_plain(std::string_view text) {
  return !has_control_characters(text) && is_utf8(text);
}

}  // namespace

bool is_reason(std::string_view text) {
  return !text.empty() && trim(text) == text && !is_too_long(text) && is_plain(text);
}

std::optional<std::string> checked_reason(const std::optional<std::string>& reason) {
  if (!reason || trim(*reason).empty()) return std::nullopt;
  if (is_too_long(*reason))
    throw Error(Code::bad_request,
                "'reason' is longer than " + std::to_string(k_reason_characters) + " characters; shorten it");
  if (!is_plain(*reason))
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
