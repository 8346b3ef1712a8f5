// SPDX-License-Identifier: MIT
#include "tests/unit/resolver/story.hpp"

#include <cppunit/TestAssert.h>

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/requirement.hpp"

namespace wharf::test {
namespace {

using resolver::Want;

std::vector<std::string> items(std::string_view text) {
  std::vector<std::string> found;
  for (const auto item : split(text, ';')) {
    if (!trim(item).empty()) found.emplace_back(trim(item));
  }
  return found;
}

std::pair<std::string, std::string> two_words(const std::string& text) {
  const auto space = text.find(' ');
  if (space == text.npos) return {text, ""};
  return {text.substr(0, space), text.substr(space + 1)};
}

// A requirement of a package in its portable form, one of the project with what was written, too.
Want want_of(const std::string& item, const std::string& where, bool project) {
  const auto [name, written] = two_words(item);
  const auto requirement = Requirement::from(written);
  const std::string portable = requirement ? requirement->portable_text() : written;
  return {name, portable, project ? written : "", where};
}

}  // namespace

Story::Story(std::string_view text) {
  for (const auto line : split(text, '\n')) {
    if (!line.empty() && !line.starts_with('#')) read(line);
  }
  for (auto& [_, candidates] : packages) {
    std::ranges::sort(candidates, [](const auto& a, const auto& b) { return a.version < b.version; });
  }
}

void Story::read(std::string_view line) {
  const auto colon = line.find(':');
  const std::string head(trim(line.substr(0, colon)));
  const std::string rest(colon == line.npos ? "" : trim(line.substr(colon + 1)));
  const auto [first, second] = two_words(head);
  if (second == "is not cached") {
    absent_[first] = resolver::Absence::not_cached;
  } else if (second == "is out of reach") {
    out_of_reach_.insert(first);
  } else if (second == "is quarantined") {
    absent_[first] = resolver::Absence::quarantined;
  } else if (second == "has no versions") {
    packages[first];
  } else if (first == "like") {
    near_[second] = items(rest);
  } else if (first == "project") {
    const auto [name, version] = two_words(second);
    problem.name = name;
    problem.version = Version::from(version);
  } else if (first == "lock") {
    for (const auto& item : items(rest)) {
      const auto [name, version] = two_words(item);
      problem.locked.emplace(name, parse_version(version));
    }
  } else if (first == "strategy") {
    CPPUNIT_ASSERT_EQUAL(std::string("lowest"), second);
    problem.strategy = resolver::Strategy::lowest;
  } else if (second.empty()) {
    CPPUNIT_ASSERT_MESSAGE("not understood: " + std::string(line), colon != line.npos);
    for (const auto& item : items(rest))
      problem.wants.push_back(want_of(item, head == "you" ? "" : head, true));
  } else {
    const auto [version, mark] = two_words(second);
    resolver::Candidate candidate{parse_version(version), mark == "(yanked)", {}};
    for (const auto& item : items(rest)) candidate.wants.push_back(want_of(item, "", false));
    packages[first].push_back(std::move(candidate));
  }
}

resolver::Source::Answer Story::package(std::string_view name) {
  if (out_of_reach_.contains(name)) throw Error(Code::unavailable, "out of reach");
  if (const auto absent = absent_.find(name); absent != absent_.end()) return {absent->second, nullptr};
  const auto found = packages.find(name);
  if (found == packages.end()) return {resolver::Absence::unknown, nullptr};
  return {resolver::Absence::present, &found->second};
}

std::vector<std::string> Story::near(std::string_view name) {
  if (!out_of_reach_.empty()) throw Error(Code::unavailable, "out of reach");
  const auto found = near_.find(name);
  return found == near_.end() ? std::vector<std::string>{} : found->second;
}

}  // namespace wharf::test
