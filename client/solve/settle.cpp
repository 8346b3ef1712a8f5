// SPDX-License-Identifier: MIT
#include "client/solve/settle.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "libwharf/package/requirement.hpp"

namespace wharf::client {

namespace {

using resolver::Candidate;
using resolver::Problem;
using resolver::Solution;
using resolver::Want;

// More tries than this for one package are not worth the wait: the versions above do not fit at all.
constexpr int k_tries = 100;

Want exactly(const std::string& name, const Version& version) {
  return {.name = name, .requirement = "=" + version.identity(), .written = {}, .where = {}};
}

const Candidate* candidate(resolver::Source& source, const std::string& name, const Version& version) {
  const auto answer = source.package(name);
  if (!answer.candidates) return nullptr;
  for (const auto& one : *answer.candidates)
    if (one.version == version) return &one;
  return nullptr;
}

// What is held fast keeps packages in the answer that nobody needs any more.
Solution needed(resolver::Source& source, const Problem& problem, const Solution& solution) {
  Solution kept;
  std::vector<std::string> open;
  for (const auto& want : problem.wants) open.push_back(want.name);
  while (!open.empty()) {
    const std::string name = std::move(open.back());
    open.pop_back();
    const auto found = solution.versions.find(name);
    if (found == solution.versions.end() || !kept.versions.insert(*found).second) continue;
    if (const auto* one = candidate(source, name, found->second))
      for (const auto& want : one->wants) open.push_back(want.name);
  }
  return kept;
}

class Settling {
 public:
  Settling(resolver::Source& source, resolver::Universe& universe, Problem problem, Solution first)
      : source_(source),
        universe_(universe),
        problem_(std::move(problem)),
        wants_(problem_.wants),
        answer_(std::move(first)) {}

  // The furthest version of a freed package that any answer has.
  void move_furthest(const std::string& name) {
    const auto answer = source_.package(name);
    const auto here = answer_.versions.find(name);
    if (!answer.candidates || here == answer_.versions.end()) return;
    std::vector<const Candidate*> further;
    const bool highest = problem_.strategy == resolver::Strategy::highest;
    for (const auto& one : *answer.candidates) {
      const auto order = compare_precedence(one.version, here->second);
      if (!one.yanked && (highest ? order > 0 : order < 0)) further.push_back(&one);
    }
    if (highest) std::ranges::reverse(further);
    int tries = 0;
    for (const auto* one : further)
      if (may_be_wanted(name, one->version) && (++tries > k_tries || holds(exactly(name, one->version))))
        break;
    if (const auto end = answer_.versions.find(name); end != answer_.versions.end())
      problem_.wants.push_back(exactly(name, end->second));
  }

  // Whatever moved without need goes back.
  void hold_the_rest() {
    std::vector<std::pair<std::string, Version>> moved;
    for (const auto& [name, version] : problem_.locked) {
      const auto found = answer_.versions.find(name);
      if (found == answer_.versions.end()) continue;
      if (found->second == version)
        problem_.wants.push_back(exactly(name, version));
      else
        moved.emplace_back(name, version);
    }
    for (const auto& [name, version] : moved) holds(exactly(name, version));
  }

  Solution answer() {
    problem_.wants = wants_;
    return needed(source_, problem_, answer_);
  }

 private:
  // The root's own wants already say no to most.
  bool may_be_wanted(const std::string& name, const Version& version) const {
    return std::ranges::all_of(wants_, [&](const Want& want) {
      if (want.name != name) return true;
      const auto requirement = Requirement::from(want.requirement);
      return !requirement || requirement->matches(version);
    });
  }

  // Keeps the want where there is an answer with it.
  bool holds(Want want) {
    problem_.wants.push_back(std::move(want));
    auto result = resolver::solve(universe_, problem_);
    if (auto* solution = std::get_if<Solution>(&result)) {
      answer_ = std::move(*solution);
      return true;
    }
    problem_.wants.pop_back();
    return false;
  }

  resolver::Source& source_;
  resolver::Universe& universe_;
  Problem problem_;
  const std::vector<Want> wants_;
  Solution answer_;
};

}  // namespace

std::variant<Solution, resolver::Failure> settle(resolver::Source& source, resolver::Universe& universe,
                                                 const Problem& problem, std::span<const std::string> freed) {
  Problem loose = problem;
  for (const auto& name : freed) loose.locked.erase(name);
  auto result = resolver::solve(universe, loose);
  if (!std::holds_alternative<Solution>(result) || loose.locked.empty()) return result;
  Settling settling(source, universe, loose, std::move(std::get<Solution>(result)));
  for (const auto& name : freed) settling.move_furthest(name);
  settling.hold_the_rest();
  return settling.answer();
}

}  // namespace wharf::client
