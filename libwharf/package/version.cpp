// SPDX-License-Identifier: MIT
#include "libwharf/package/version.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/scan.hpp"

namespace wharf {

namespace {

// Identifiers of digits are below the others and compared as numbers, however long: they have no leading
// zeros.
std::strong_ordering compare_identifiers(std::string_view a, std::string_view b) {
  const bool a_is_number = std::all_of(a.begin(), a.end(), is_digit);
  const bool b_is_number = std::all_of(b.begin(), b.end(), is_digit);
  if (a_is_number != b_is_number) return b_is_number <=> a_is_number;
  if (a_is_number && a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

std::string_view take_identifier(std::string_view& list) {
  const auto end = std::min(list.find('.'), list.size());
  const auto first = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  return first;
}

}  // namespace

std::strong_ordering compare_prereleases(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.empty() <=> b.empty();
  while (!a.empty() && !b.empty())
    if (const auto order = compare_identifiers(take_identifier(a), take_identifier(b)); std::is_neq(order))
      return order;
  return b.empty() <=> a.empty();
}

// Fills the version, or returns the second half of a sentence that says why it cannot.
std::string read_version(std::string_view text, Version& version) {
  if (text.size() > k_version_bytes) return " is longer than " + std::to_string(k_version_bytes) + " bytes";
  if (text.empty()) return " is empty; write 'major.minor.patch'";
  if (text[0] == 'v' || text[0] == 'V') return " begins with 'v'; leave it out";
  std::string_view rest = text;
  if (auto problem = semver::take_number(rest, "major", version.major_); !problem.empty()) return problem;
  if (rest.empty()) return " has one part; write 'major.minor.patch'";
  if (rest[0] != '.')
    return " has " + quoted(rest.substr(0, 1)) + " after its major number; write 'major.minor.patch'";
  rest.remove_prefix(1);
  if (auto problem = semver::take_number(rest, "minor", version.minor_); !problem.empty()) return problem;
  if (rest.empty()) return " has two parts; write 'major.minor.patch'";
  if (rest[0] != '.')
    return " has " + quoted(rest.substr(0, 1)) + " after its minor number; write 'major.minor.patch'";
  rest.remove_prefix(1);
  if (auto problem = semver::take_number(rest, "patch", version.patch_); !problem.empty()) return problem;
  if (!rest.empty() && rest[0] == '-') {
    rest.remove_prefix(1);
    auto problem = semver::take_identifiers(rest, semver::Identifiers::prerelease, version.prerelease_);
    if (!problem.empty()) return problem;
  }
  if (!rest.empty() && rest[0] == '+') {
    rest.remove_prefix(1);
    auto problem = semver::take_identifiers(rest, semver::Identifiers::build, version.build_);
    if (!problem.empty()) return problem;
  }
  if (rest.empty()) return {};
  if (rest[0] == '.' && version.prerelease_.empty() && version.build_.empty())
    return " has more than three parts; write 'major.minor.patch'";
  return " has " + quoted(rest.substr(0, 1)) + " where it should end";
}

std::optional<Version> Version::from(std::string_view text) {
  std::optional<Version> version(std::in_place);
  if (!read_version(text, *version).empty()) version.reset();
  return version;
}

std::string Version::identity() const {
  std::string out = std::to_string(major_);
  out.append(".").append(std::to_string(minor_)).append(".").append(std::to_string(patch_));
  if (!prerelease_.empty()) out.append("-").append(prerelease_);
  return out;
}

std::string Version::text() const {
  return build_.empty() ? identity() : identity().append("+").append(build_);
}

std::strong_ordering compare_precedence(const Version& a, const Version& b) {
  if (a.major_ != b.major_) return a.major_ <=> b.major_;
  if (a.minor_ != b.minor_) return a.minor_ <=> b.minor_;
  if (a.patch_ != b.patch_) return a.patch_ <=> b.patch_;
  return compare_prereleases(a.prerelease_, b.prerelease_);
}

std::strong_ordering operator<=>(const Version& a, const Version& b) {
  const auto order = compare_precedence(a, b);
  return std::is_neq(order) ? order : a.build_ <=> b.build_;
}

Version parse_version(std::string_view text) {
  Version version;
  if (const auto problem = read_version(text, version); !problem.empty())
    throw Error(Code::version_invalid, "version " + quoted(text) + problem);
  return version;
}

Version parse_publishable_version(std::string_view text) {
  Version version = parse_version(text);
  if (text.size() > k_publishable_version_bytes)
    throw Error(Code::version_invalid, "version " + quoted(text) + " is longer than " +
                                           std::to_string(k_publishable_version_bytes) +
                                           " bytes; shorten its prerelease or build metadata");
  if (text.ends_with(".tar.gz"))
    throw Error(Code::version_invalid,
                "version " + quoted(text) +
                    " ends in '.tar.gz', which stands for the archive; choose another ending");
  return version;
}

}  // namespace wharf
