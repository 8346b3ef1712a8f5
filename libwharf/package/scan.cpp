// SPDX-License-Identifier: MIT
#include "libwharf/package/scan.hpp"

#include <algorithm>

#include "libwharf/base/text.hpp"

namespace wharf::semver {

namespace {

std::size_t run_length(std::string_view text, bool (*belongs)(char)) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), belongs) - text.begin());
}

bool is_identifier_character(char c) {
  return is_alphanumeric(c) || c == '-';
}

}  // namespace

std::string take_number(std::string_view& rest, std::string_view part, std::uint64_t& number) {
  const std::string_view digits = rest.substr(0, run_length(rest, is_digit));
  const auto in = [&](std::string_view problem) {
    return std::string(problem).append(part).append(" number");
  };
  if (digits.empty()) {
    if (rest.empty()) return in(" ends before its ");
    return " has " + quoted(rest.substr(0, 1)) + in(" where it should have its ");
  }
  if (digits.size() > 1 && digits[0] == '0') return in(" has a leading zero in its ");
  const auto value = parse_number(digits);
  if (!value) return in(" has more than 2^64-1 as its ");
  number = *value;
  rest.remove_prefix(digits.size());
  return {};
}

std::string take_identifiers(std::string_view& rest, Identifiers kind, std::string& identifiers) {
  const std::string_view what = kind == Identifiers::prerelease ? "prerelease" : "build metadata";
  std::size_t end = 0;
  for (;;) {
    const std::string_view one = rest.substr(end, run_length(rest.substr(end), is_identifier_character));
    if (one.empty()) return std::string(" has an empty identifier in its ").append(what);
    if (kind == Identifiers::prerelease && one.size() > 1 && one[0] == '0' &&
        std::all_of(one.begin(), one.end(), is_digit))
      return " has a leading zero in its prerelease identifier " + quoted(one);
    end += one.size();
    if (end == rest.size() || rest[end] != '.') break;
    ++end;
  }
  identifiers = rest.substr(0, end);
  rest.remove_prefix(end);
  return {};
}

}  // namespace wharf::semver
