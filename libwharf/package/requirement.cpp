// SPDX-License-Identifier: MIT
#include "libwharf/package/requirement.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/comparator.hpp"
#include "libwharf/package/scan.hpp"

namespace wharf {

namespace {

using Op = Comparator::Op;

void skip_spaces(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
}

bool take(std::string_view& rest, std::string_view prefix) {
  if (!rest.starts_with(prefix)) return false;
  rest.remove_prefix(prefix.size());
  return true;
}

bool take_wildcard(std::string_view& rest) {
  return take(rest, "*") || take(rest, "x") || take(rest, "X");
}

std::optional<Op> take_operator(std::string_view& rest) {
  if (take(rest, ">=")) return Op::greater_equal;
  if (take(rest, "<=")) return Op::less_equal;
  if (take(rest, ">")) return Op::greater;
  if (take(rest, "<")) return Op::less;
  if (take(rest, "=")) return Op::exact;
  if (take(rest, "~")) return Op::tilde;
  if (take(rest, "^")) return Op::caret;
  return std::nullopt;
}

// A part after its dot: a number, or a wildcard, after which there may be only wildcards.
std::string take_part(std::string_view& rest, std::string_view name, bool& wildcard,
                      std::optional<std::uint64_t>& part) {
  if (!take(rest, ".")) return {};
  if (take_wildcard(rest)) {
    wildcard = true;
    return {};
  }
  if (wildcard) return " has a part after a wildcard; leave out what follows the '*'";
  std::uint64_t number = 0;
  auto problem = semver::take_number(rest, name, number);
  if (problem.empty()) part = number;
  return problem;
}

std::string take_comparator(std::string_view& rest, Bare bare, Comparator& comparator) {
  const auto op = take_operator(rest);
  skip_spaces(rest);
  if (auto problem = semver::take_number(rest, "major", comparator.major); !problem.empty()) return problem;
  bool wildcard = false;
  if (auto problem = take_part(rest, "minor", wildcard, comparator.minor); !problem.empty()) return problem;
  if (comparator.minor || wildcard)
    if (auto problem = take_part(rest, "patch", wildcard, comparator.patch); !problem.empty()) return problem;
  const Op bare_op = bare == Bare::exact ? Op::exact : Op::caret;
  comparator.op = op.value_or(wildcard ? Op::wildcard : bare_op);
  if (comparator.patch && take(rest, "-")) {
    auto problem = semver::take_identifiers(rest, semver::Identifiers::prerelease, comparator.prerelease);
    if (!problem.empty()) return problem;
  }
  if (comparator.patch && take(rest, "+")) {
    std::string ignored;
    if (auto problem = semver::take_identifiers(rest, semver::Identifiers::build, ignored); !problem.empty())
      return problem;
  }
  skip_spaces(rest);
  return {};
}

}  // namespace

bool Requirement::matches_prerelease(const Version& v) const noexcept {
  const bool named = std::any_of(comparators_.begin(), comparators_.end(), [&](const Comparator& c) {
    return !c.prerelease.empty() && c.major == v.major() && c.minor == v.minor() && c.patch == v.patch();
  });
  return named && std::all_of(comparators_.begin(), comparators_.end(),
                              [&](const Comparator& c) { return wharf::matches_prerelease(c, v); });
}

// Fills the requirement, or returns the second half of a sentence that says why it cannot.
std::string read_requirement(std::string_view text, Bare bare, Requirement& requirement) {
  if (text.size() > k_requirement_bytes)
    return " is longer than " + std::to_string(k_requirement_bytes) + " bytes";
  std::string_view rest = text;
  skip_spaces(rest);
  if (rest.empty()) return " is empty; write '*' for any version";
  if (auto any = rest; take_wildcard(any)) {
    skip_spaces(any);
    if (any.empty()) return {};
    if (any[0] != ',') return " has something after its wildcard; leave it out";
  }
  for (;;) {
    if (auto wildcard = rest; take_wildcard(wildcard))
      return " has '*' beside other comparators; '*' stands alone";
    if (requirement.comparators_.size() == k_requirement_comparators)
      return " has more than " + std::to_string(k_requirement_comparators) + " comparators";
    Comparator& comparator = requirement.comparators_.emplace_back();
    if (auto problem = take_comparator(rest, bare, comparator); !problem.empty()) return problem;
    const ReleaseRange releases = releases_of(comparator);
    requirement.releases_.first = std::max(requirement.releases_.first, releases.first);
    requirement.releases_.last = std::min(requirement.releases_.last, releases.last);
    requirement.names_prerelease_ |= !comparator.prerelease.empty();
    if (rest.empty()) return {};
    if (rest[0] == '|')
      return " has '||'; alternatives are not known here, write one range, as '>=1.2.0, <3.0.0'";
    if (!take(rest, ","))
      return " has " + quoted(rest.substr(0, 1)) + " where a comma or the end was expected";
    skip_spaces(rest);
    if (rest.empty()) return " ends with a comma";
  }
}

std::optional<Requirement> Requirement::from(std::string_view text, Bare bare) {
  std::optional<Requirement> requirement(std::in_place);
  if (!read_requirement(text, bare, *requirement).empty()) requirement.reset();
  return requirement;
}

Requirement parse_requirement(std::string_view text, Bare bare) {
  Requirement requirement;
  if (const auto problem = read_requirement(text, bare, requirement); !problem.empty())
    throw Error(Code::requirement_invalid, "requirement " + quoted(text) + problem);
  return requirement;
}

}  // namespace wharf
