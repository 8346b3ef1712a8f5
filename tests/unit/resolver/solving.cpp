// SPDX-License-Identifier: MIT
#include "tests/unit/resolver/solving.hpp"

#include <cppunit/TestAssert.h>

#include <algorithm>

#include "libwharf/package/requirement.hpp"
#include "libwharf/resolver/validator.hpp"

namespace wharf::test {

using namespace wharf::resolver;

Problem problem_of(const std::vector<std::string>& wants) {
  Problem problem;
  for (const auto& want : wants) {
    const auto space = want.find(' ');
    problem.wants.push_back({want.substr(0, space), want.substr(space + 1), {}, {}});
  }
  return problem;
}

std::string solved(Universe& universe, const Problem& problem) {
  const auto answer = solve(universe, problem);
  if (const auto* failure = std::get_if<Failure>(&answer)) {
    CPPUNIT_ASSERT_EQUAL(std::string(), flaw_of(universe, problem, *failure));
    return "no solution";
  }
  const auto& solution = std::get<Solution>(answer);
  const auto faults = faults_of(universe.source(), problem, solution);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(faults.empty() ? "" : faults.front(), std::size_t{0}, faults.size());
  std::string text;
  for (const auto& [name, version] : solution.versions)
    text.append(text.empty() ? "" : ", ").append(name).append(" ").append(version.text());
  return text;
}

std::string solved(PackageTable& table, const Problem& problem) {
  Universe universe(table);
  return solved(universe, problem);
}

std::string solved_for(PackageTable& table, const std::vector<std::string>& wants) {
  return solved(table, problem_of(wants));
}

Failure failure_of(Universe& universe, const Problem& problem) {
  auto answer = solve(universe, problem);
  CPPUNIT_ASSERT_MESSAGE("expected no solution", std::holds_alternative<Failure>(answer));
  return std::get<Failure>(std::move(answer));
}

namespace {

// The versions of a package that may be chosen, by the rules and not by what the failure says.
VersionSet choosable(Universe& universe, const Problem& problem, PackageId package) {
  const auto candidates = universe.candidates(package);
  VersionSet set(candidates.size());
  const auto locked = problem.locked.find(universe.name(package));
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (!candidates[i].yanked || (locked != problem.locked.end() && locked->second == candidates[i].version))
      set.insert(i);
  return set;
}

std::string flaw_of_fact(Universe& universe, const Problem& problem, const Incompatibility& fact) {
  if (universe.name(fact.wanted) != fact.want.name) return "another package is wanted";
  const auto requirement = Requirement::from(fact.want.requirement);
  const bool own = fact.want.name == problem.name;
  // Who wants it, really does.
  if (fact.dependent) {
    const auto candidates = universe.candidates(*fact.dependent);
    if (fact.dependents.empty()) return "nobody wants it";
    if (!fact.dependents.is_subset_of(choosable(universe, problem, *fact.dependent)))
      return "a version that cannot be";
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (fact.dependents.contains(i) && std::ranges::none_of(candidates[i].wants, [&](const Want& want) {
            return want.name == fact.want.name && want.requirement == fact.want.requirement;
          }))
        return candidates[i].version.text() + " does not want it";
  } else if (std::ranges::none_of(problem.wants, [&](const Want& want) {
               return want.name == fact.want.name && want.requirement == fact.want.requirement;
             })) {
    return "the root does not want it";
  }
  // What it matches, really matches; and the terms say just that.
  std::vector<Term> terms;
  if (fact.dependent) terms.push_back({*fact.dependent, true, fact.dependents});
  if (own) {
    const Version version = problem.version.value_or(parse_version("0.0.0"));
    if (requirement && requirement->matches(version)) return "the root's version does match";
    if (fact.kind != Kind::unavailable || fact.reason != Reason::own_version)
      return "it is the root's own version";
  } else {
    const auto candidates = universe.candidates(fact.wanted);
    VersionSet matching(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (requirement && requirement->matches(candidates[i].version)) matching.insert(i);
    matching &= choosable(universe, problem, fact.wanted);
    if (!(matching == fact.matching)) return "another set matches";
    const bool itself = fact.dependent == fact.wanted;
    if (itself && matching.intersects(fact.dependents)) return "a version that is what it wants";
    if ((fact.kind == Kind::unavailable) != (matching.empty() && !itself)) return "of the wrong kind";
    if (!itself && !matching.empty()) terms.push_back({fact.wanted, false, matching});
  }
  if ((fact.kind == Kind::unavailable) != (fact.reason != Reason::none))
    return "a reason too many or too few";
  std::ranges::sort(terms, {}, [&](const Term& term) { return universe.name(term.package); });
  if (terms != fact.terms) return "other terms";
  return {};
}

}  // namespace

std::string flaw_of(Universe& universe, const Problem& problem, const Failure& failure) {
  const auto& all = failure.all();
  std::vector<bool> used(all.size(), false);
  if (all.empty() || !failure.last().terms.empty()) return "the last one says something";
  used.back() = true;
  for (std::size_t i = all.size(); i-- > 0;) {
    const std::string at = "incompatibility " + std::to_string(i) + ": ";
    if (!used[i]) return at + "superfluous";
    if (all[i].kind != Kind::derived) {
      if (auto flaw = flaw_of_fact(universe, problem, all[i]); !flaw.empty()) return at + flaw;
      continue;
    }
    if (all[i].first >= i || all[i].second >= i) return at + "caused by what follows";
    used[all[i].first] = used[all[i].second] = true;
    const auto& first = all[all[i].first].terms;
    const auto& second = all[all[i].second].terms;
    const auto has_pivot = [&](const std::vector<Term>& terms) {
      return std::ranges::find(terms, all[i].pivot, &Term::package) != terms.end();
    };
    if (!has_pivot(first) || !has_pivot(second)) return at + "no pivot";
    if (resolvent(universe, first, second, all[i].pivot) != all[i].terms) return at + "does not follow";
  }
  for (const auto& one : all)
    for (const auto& term : one.terms)
      if (!(failure.choosable(term.package) == choosable(universe, problem, term.package)))
        return "other versions may be chosen";
  return {};
}

}  // namespace wharf::test
