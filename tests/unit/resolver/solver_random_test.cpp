// SPDX-License-Identifier: MIT
// Small universes made by chance, each tried out by hand as well: every combination of versions.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <random>

#include "libwharf/package/requirement.hpp"
#include "libwharf/resolver/validator.hpp"
#include "tests/unit/resolver/solving.hpp"

using namespace wharf;
using namespace wharf::resolver;
using test::PackageTable;

namespace {

// A tenth of them in instrumented builds.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
constexpr unsigned k_universes = 400;
#else
constexpr unsigned k_universes = 4000;
#endif
const std::vector<std::string> k_names = {"a", "b", "c", "d"};  // and "nowhere"
const std::vector<std::string> k_versions = {"0.1.0", "0.2.0", "1.0.0-rc.1", "1.0.0", "1.1.0", "2.0.0"};
const std::vector<std::string> k_requirements = {"*",      "^1",           "^0.1", "<1",   ">=1",
                                                 "=1.1.0", ">=0.2, <2",    "^2",   "<2",   "~1",
                                                 "^0.2",   ">=1.0.0-rc.1", "^1.1", "<=1.0"};

struct Chance {
  std::mt19937 random;
  explicit Chance(unsigned seed) : random(seed) {}
  unsigned below(unsigned n) { return static_cast<unsigned>(random() % n); }
  bool one_in(unsigned n) { return below(n) == 0; }
  const std::string& of(const std::vector<std::string>& texts) { return texts[random() % texts.size()]; }
};

struct Case {
  PackageTable table;
  Problem problem;
};

Case make(unsigned seed) {
  Chance chance(seed);
  Case made;
  const unsigned packages = 3 + chance.below(2);
  const unsigned sparse = 1 + chance.below(4);
  for (unsigned p = 0; p < packages; ++p)
    for (const auto& version : k_versions) {
      if (chance.one_in(4)) continue;
      PackageTable::Wants wants;
      for (unsigned w = 0; w < 3; ++w)
        if (chance.one_in(sparse))
          wants.emplace_back(chance.one_in(20) ? "nowhere" : chance.of(k_names), chance.of(k_requirements));
      made.table.add(k_names[p], version, wants, chance.one_in(8));
    }
  // Yanked versions that change nothing, so that sets are longer than a word.
  if (chance.one_in(3))
    for (unsigned p = 0; p < packages; ++p)
      for (unsigned i = 50 + chance.below(30); i > 0; --i)
        made.table.add(k_names[p], "0.0." + std::to_string(i), {{"nowhere", "*"}}, true);
  Problem& problem = made.problem;
  const unsigned most = 1 + chance.below(3);
  for (unsigned w = 0; w < most; ++w)
    problem.wants.push_back({chance.of(k_names), chance.of(k_requirements), {}, {}});
  if (chance.one_in(3))
    for (unsigned l = 0; l < 2; ++l)
      problem.locked.insert_or_assign(chance.of(k_names), parse_version(chance.of(k_versions)));
  if (chance.one_in(6)) {
    problem.name = chance.of(k_names);
    if (!chance.one_in(3)) problem.version = parse_version(chance.of(k_versions));
  }
  if (chance.one_in(4)) problem.strategy = Strategy::lowest;
  return made;
}

// Whether some choice of a version, or none, for each package is what the validator finds right.
bool has_solution(Case& made, std::size_t package, Solution& chosen) {
  if (package == k_names.size()) {
    // What nobody needs may be left out: it is only asked whether the rest holds.
    auto faults = faults_of(made.table, made.problem, chosen);
    std::erase_if(faults, [](const std::string& fault) { return fault.ends_with("is needed by nobody"); });
    return faults.empty();
  }
  const std::string& name = k_names[package];
  if (has_solution(made, package + 1, chosen)) return true;
  const auto found = made.table.all().find(name);
  if (found == made.table.all().end() || name == made.problem.name) return false;
  for (const auto& candidate : found->second) {
    if (candidate.version.major() == 0 && candidate.version.minor() == 0) continue;
    chosen.versions.insert_or_assign(name, candidate.version);
    if (has_solution(made, package + 1, chosen)) return true;
  }
  chosen.versions.erase(name);
  return false;
}

// Whether one version could be exchanged for a better one, all others staying.
std::string better(Case& made, const Solution& solution) {
  for (const auto& [name, version] : solution.versions)
    for (const auto& candidate : made.table.all().at(name)) {
      const bool higher = candidate.version > version;
      if (candidate.version == version || higher != (made.problem.strategy == Strategy::highest)) continue;
      Solution other = solution;
      other.versions.at(name) = candidate.version;
      if (faults_of(made.table, made.problem, other).empty()) return name + " " + candidate.version.text();
    }
  return {};
}

}  // namespace

class SolverRandomTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SolverRandomTest);
  CPPUNIT_TEST(agrees_with_trying_everything);
  CPPUNIT_TEST(no_single_version_could_be_better);
  CPPUNIT_TEST(the_order_of_wants_and_what_was_solved_before_change_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void agrees_with_trying_everything() {
    unsigned solvable = 0;
    for (unsigned seed = 0; seed < k_universes; ++seed) {
      Case made = make(seed);
      Solution chosen;
      const bool expected = has_solution(made, 0, chosen);
      // This also has the solution validated, and the proof that there is none.
      const std::string answer = test::solved(made.table, made.problem);
      CPPUNIT_ASSERT_EQUAL_MESSAGE("seed " + std::to_string(seed) + ": " + answer, expected,
                                   answer != "no solution");
      solvable += expected;
    }
    // Both kinds are there in numbers.
    CPPUNIT_ASSERT_MESSAGE(std::to_string(solvable),
                           solvable > k_universes / 5 && solvable < k_universes * 4 / 5);
  }
  void no_single_version_could_be_better() {
    for (unsigned seed = 0; seed < k_universes; ++seed) {
      Case made = make(seed);
      if (!made.problem.locked.empty()) continue;
      Universe universe(made.table);
      const auto answer = solve(universe, made.problem);
      if (const auto* solution = std::get_if<Solution>(&answer))
        CPPUNIT_ASSERT_EQUAL_MESSAGE("seed " + std::to_string(seed), std::string(), better(made, *solution));
    }
  }
  void the_order_of_wants_and_what_was_solved_before_change_nothing() {
    for (unsigned seed = 0; seed < k_universes; seed += 5) {
      Case made = make(seed);
      const std::string expected = test::solved(made.table, made.problem);
      Universe universe(made.table);
      // Another problem first, so that packages have other numbers.
      Problem other = made.problem;
      other.wants = {{k_names[seed % k_names.size()], "*", {}, {}}};
      other.locked.clear();
      test::solved(universe, other);
      Chance chance(seed);
      for (int round = 0; round < 3; ++round) {
        std::shuffle(made.problem.wants.begin(), made.problem.wants.end(), chance.random);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("seed " + std::to_string(seed), expected,
                                     test::solved(universe, made.problem));
      }
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SolverRandomTest);
