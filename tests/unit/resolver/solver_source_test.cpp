// SPDX-License-Identifier: MIT
// What a solve asks of its source, what it says beforehand, and what happens where the source has no answer.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "tests/unit/resolver/solving.hpp"

using namespace wharf;
using namespace wharf::resolver;
using test::PackageTable;
using test::problem_of;

class SolverSourceTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SolverSourceTest);
  CPPUNIT_TEST(only_what_is_needed_is_asked_for_and_only_once);
  CPPUNIT_TEST(what_comes_next_is_foretold);
  CPPUNIT_TEST(the_root_itself_is_never_asked_for);
  CPPUNIT_TEST(a_source_that_fails_ends_the_solve_and_is_asked_again);
  CPPUNIT_TEST(each_reason_why_nothing_can_be_what_is_wanted_is_told_apart);
  CPPUNIT_TEST(a_proof_names_the_want_as_it_was_written);
  CPPUNIT_TEST(equal_wants_of_several_versions_are_one_fact);
  CPPUNIT_TEST(a_universe_tells_what_it_knows);
  CPPUNIT_TEST_SUITE_END();

  using Names = std::vector<std::string>;

 public:
  void only_what_is_needed_is_asked_for_and_only_once() {
    PackageTable table;
    table.add("a", "1.0.0", {{"old", "*"}}).add("a", "2.0.0", {{"b", "^1"}, {"c", "^1"}});
    table.add("b", "1.0.0", {{"c", "*"}}).add("c", "1.0.0", {{"a", "*"}}).add("old", "1.0.0");
    Universe universe(table);
    for (int i = 0; i < 2; ++i)
      CPPUNIT_ASSERT(std::holds_alternative<Solution>(solve(universe, problem_of({"a *"}))));
    std::ranges::sort(table.asked);
    CPPUNIT_ASSERT((Names{"a", "b", "c"}) == table.asked);
  }
  void what_comes_next_is_foretold() {
    PackageTable table;
    table.add("a", "1.0.0", {{"old", "*"}}).add("a", "2.0.0", {{"b", "^1"}, {"c", "^1"}});
    table.add("b", "1.0.0", {{"d", "*"}})
        .add("b", "2.0.0", {{"never", "*"}})
        .add("c", "1.0.0", {{"d", "*"}, {"e", "*"}});
    table.add("d", "1.0.0").add("e", "1.0.0").add("z", "1.0.0");
    Universe universe(table);
    CPPUNIT_ASSERT(std::holds_alternative<Solution>(solve(universe, problem_of({"z *", "a *"}))));
    // The root's wants at once; then what the best version of `a` wants, before that is decided, and when it
    // is; then the same of `b` and `c`.
    const std::vector<Names> expected = {{"a", "z"}, {"b", "c"}, {"b", "c"}, {"d", "e"}, {"d", "e"}};
    CPPUNIT_ASSERT_EQUAL(expected.size(), table.foretold.size());
    CPPUNIT_ASSERT(expected == table.foretold);
  }
  void the_root_itself_is_never_asked_for() {
    PackageTable table;
    table.add("a", "1.0.0", {{"root", "^1"}}).add("root", "1.0.0");
    Problem problem = problem_of({"a *", "root *"});
    problem.name = "root";
    problem.version = parse_version("1.2.3");
    CPPUNIT_ASSERT_EQUAL(std::string("a 1.0.0"), test::solved(table, problem));
    CPPUNIT_ASSERT(std::ranges::find(table.asked, "root") == table.asked.end());
  }
  void a_source_that_fails_ends_the_solve_and_is_asked_again() {
    struct Failing : PackageTable {
      bool down = true;
      Answer package(std::string_view name) override {
        if (down && name == "c") throw Error(Code::unavailable, "the registry does not answer");
        return PackageTable::package(name);
      }
    } table;
    table.add("a", "1.0.0").add("a", "2.0.0", {{"b", "*"}, {"c", "*"}}).add("b", "1.0.0").add("c", "1.0.0");
    Universe universe(table);
    for (int i = 0; i < 2; ++i) CPPUNIT_ASSERT_THROW(solve(universe, problem_of({"b *", "a *"})), Error);
    table.down = false;
    CPPUNIT_ASSERT_EQUAL(std::string("a 2.0.0, b 1.0.0, c 1.0.0"),
                         test::solved(universe, problem_of({"b *", "a *"})));
  }
  void each_reason_why_nothing_can_be_what_is_wanted_is_told_apart() {
    PackageTable table;
    table.add("some", "1.0.0").add("pulled", "1.0.0").add("pulled", "2.0.0", {}, true).add("early", "0.9.0");
    table.add("early", "1.0.0-rc.1").add("early", "1.5.0-beta");
    table.set_absent("far", Absence::not_cached);
    table.set_absent("bad", Absence::quarantined);
    const struct {
      const char* want;
      Reason reason;
    } rows[] = {{"nowhere *", Reason::unknown},      {"far *", Reason::not_cached},
                {"bad *", Reason::quarantined},      {"some ^2", Reason::no_match},
                {"pulled ^2", Reason::only_yanked},  {"early ^1", Reason::only_prereleases},
                {"early ^2", Reason::no_match},      {"me ^2", Reason::own_version},
                {"some what", Reason::not_readable}, {"me what", Reason::own_version}};
    for (const auto& [want, reason] : rows) {
      Problem problem = problem_of({want});
      problem.name = "me";
      problem.version = parse_version("1.0.0");
      Universe universe(table);
      const Failure failure = test::failure_of(universe, problem);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(want, std::size_t{1}, failure.all().size());
      CPPUNIT_ASSERT_MESSAGE(want, failure.last().kind == Kind::unavailable);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(want, static_cast<int>(reason), static_cast<int>(failure.last().reason));
      CPPUNIT_ASSERT_EQUAL(std::string(), test::flaw_of(universe, problem, failure));
    }
  }
  void a_proof_names_the_want_as_it_was_written() {
    PackageTable table;
    table.add("a", "1.0.0");
    Universe universe(table);
    Problem problem;
    problem.wants = {{"a", ">=2.0.0", ">= 2", "raven.toml"}};
    const Failure failure = test::failure_of(universe, problem);
    CPPUNIT_ASSERT_EQUAL(std::string(">= 2"), failure.last().want.text());
    CPPUNIT_ASSERT_EQUAL(std::string("raven.toml"), failure.last().want.where);
  }
  void equal_wants_of_several_versions_are_one_fact() {
    PackageTable table;
    for (int i = 0; i < 100; ++i)
      table.add("a", "1." + std::to_string(i) + ".0", {{"b", i < 99 ? "^2" : "^3"}});
    table.add("b", "1.0.0").add("b", "2.0.0").add("b", "3.0.0");
    Universe universe(table);
    const Problem problem = problem_of({"a *", "b ^1"});
    const Failure failure = test::failure_of(universe, problem);
    CPPUNIT_ASSERT_EQUAL(std::string(), test::flaw_of(universe, problem, failure));
    // Two facts of `a`, two of the root, and three steps from them to nothing.
    CPPUNIT_ASSERT_EQUAL(std::size_t{7}, failure.all().size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, universe.size().merged_dependencies);
    CPPUNIT_ASSERT_EQUAL(std::size_t{100}, universe.size().dependencies);
  }
  void a_universe_tells_what_it_knows() {
    PackageTable table;
    table.add("a", "1.0.0").add("a", "1.1.0", {}, true).add("a", "2.0.0");
    Universe universe(table);
    CPPUNIT_ASSERT(!universe.find("a"));
    const PackageId a = universe.intern("a");
    CPPUNIT_ASSERT(!universe.is_loaded(a) && universe.find("a") == a && universe.name(a) == "a");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, universe.matching(a, "^1").count());
    CPPUNIT_ASSERT(universe.is_loaded(a) && universe.absence(a) == Absence::present);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, universe.not_yanked(a).count());
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, universe.candidates(a).size());
    CPPUNIT_ASSERT(universe.matching(a, "no requirement").empty());
    const auto size = universe.size();
    CPPUNIT_ASSERT(size.packages == 1 && size.versions == 3 && size.requirements == 2 && size.bytes > 0);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SolverSourceTest);
