// SPDX-License-Identifier: MIT
#include "admin-tools/common/moment.hpp"

#include "libwharf/base/text.hpp"

namespace wharf::admin {

namespace {

constexpr std::uint64_t k_longest_ago = 1'000'000;

std::optional<Time> before_now(const std::string& text) {
  if (text.size() < 2) return std::nullopt;
  const auto count = parse_number(std::string_view(text).substr(0, text.size() - 1));
  if (!count || *count > k_longest_ago) return std::nullopt;
  const auto number = static_cast<int>(*count);
  switch (text.back()) {
    case 'd':
      return now() - std::chrono::days(number);
    case 'h':
      return now() - std::chrono::hours(number);
    case 'm':
      return now() - std::chrono::minutes(number);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Time> moment(const Arguments& arguments, std::string_view option) {
  if (!arguments.has(option)) return std::nullopt;
  const auto& text = arguments.value(option);
  if (const auto exact = from_rfc3339(text)) return exact;
  if (const auto day = from_rfc3339(text + "T00:00:00Z")) return day;
  if (const auto ago = before_now(text)) return ago;
  throw UsageError(
      wharf::quoted(option) + " is " + wharf::quoted(text) +
      "; expected a day as 2026-01-31, a moment as 2026-01-31T10:00:00Z, or how long ago as 7d, 12h or 30m");
}

std::string shown(Time time) {
  return to_rfc3339(time);
}

std::string shown(const std::optional<Time>& time) {
  return time ? shown(*time) : "-";
}

}  // namespace wharf::admin
