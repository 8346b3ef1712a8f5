// SPDX-License-Identifier: MIT
#include "client/solve/settle.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/client/solve/shelf.hpp"

using namespace wharf;
using namespace wharf::client;

class SettleTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SettleTest);
  CPPUNIT_TEST(what_is_locked_stays);
  CPPUNIT_TEST(a_freed_package_takes_its_highest_version_and_nothing_else_moves);
  CPPUNIT_TEST(a_freed_package_goes_as_far_as_any_answer_has_it_even_if_others_must_follow);
  CPPUNIT_TEST(what_moved_without_need_goes_back);
  CPPUNIT_TEST(what_nobody_needs_any_more_is_left_out);
  CPPUNIT_TEST(a_locked_version_that_was_yanked_stays_and_a_freed_one_does_not);
  CPPUNIT_TEST(the_lowest_strategy_frees_downwards);
  CPPUNIT_TEST(a_prerelease_above_is_not_taken_for_the_highest);
  CPPUNIT_TEST(what_does_not_fit_is_a_failure_of_the_problem_itself);
  CPPUNIT_TEST_SUITE_END();

  // "core 1.0.0, fog 1.1.0", or "no solution".
  static std::string settled(Shelf& shelf, std::string_view wants, std::string_view locked,
                             std::vector<std::string> freed = {},
                             resolver::Strategy strategy = resolver::Strategy::highest) {
    resolver::Problem problem;
    problem.wants = Shelf::wants(wants);
    problem.strategy = strategy;
    for (const auto& one : Shelf::wants(locked))
      problem.locked.emplace(one.name, parse_version(one.requirement));
    resolver::Universe universe(shelf);
    const auto result = settle(shelf, universe, problem, freed);
    const auto* solution = std::get_if<resolver::Solution>(&result);
    if (!solution) return "no solution";
    std::string text;
    for (const auto& [name, version] : solution->versions)
      text += (text.empty() ? "" : ", ") + name + " " + version.text();
    return text;
  }

  static void assert_settled(const std::string& expected, const std::string& found) {
    CPPUNIT_ASSERT_EQUAL(expected, found);
  }

 public:
  void what_is_locked_stays() {
    Shelf shelf{"core 1.0.0", "core 1.1.0", "fog 1.0.0: core ^1.0.0", "fog 1.1.0: core ^1.0.0"};
    assert_settled("core 1.0.0, fog 1.0.0", settled(shelf, "fog ^1.0.0", "core 1.0.0, fog 1.0.0"));
    assert_settled("core 1.1.0, fog 1.1.0", settled(shelf, "fog ^1.0.0", ""));
  }

  void a_freed_package_takes_its_highest_version_and_nothing_else_moves() {
    Shelf shelf{"core 1.0.0", "core 1.1.0", "fog 1.0.0: core ^1.0.0", "fog 1.1.0: core ^1.0.0"};
    assert_settled("core 1.0.0, fog 1.1.0", settled(shelf, "fog ^1.0.0", "core 1.0.0, fog 1.0.0", {"fog"}));
    assert_settled("core 1.1.0, fog 1.0.0", settled(shelf, "fog ^1.0.0", "core 1.0.0, fog 1.0.0", {"core"}));
  }

  void a_freed_package_goes_as_far_as_any_answer_has_it_even_if_others_must_follow() {
    // The locked ones alone would hold fog at 1.1.0.
    Shelf shelf{"core 1.0.0",
                "core 1.1.0",
                "core 1.2.0",
                "fog 1.0.0: core ^1.0.0",
                "fog 1.1.0: core ^1.0.0",
                "fog 1.2.0: core ^1.1.0",
                "horn 1.0.0: core ^1.0.0",
                "horn 1.1.0: core ^1.0.0"};
    assert_settled(
        "core 1.2.0, fog 1.2.0, horn 1.0.0",
        settled(shelf, "core ^1.0.0, fog ^1.0.0, horn ^1.0.0", "core 1.0.0, fog 1.0.0, horn 1.0.0", {"fog"}));
  }

  void what_moved_without_need_goes_back() {
    // The solver comes to c before anybody has needed core, and its highest version brings that along.
    Shelf shelf{"a 1.0.0: core *",      "a 2.0.0: c *", "b 1.0.0: core *", "c 1.0.0: core *",
                "c 2.0.0: core ^2.0.0", "core 1.0.0",   "core 2.0.0"};
    assert_settled("a 2.0.0, c 1.0.0, core 1.0.0", settled(shelf, "a ^2.0.0", "a 1.0.0, core 1.0.0"));
    assert_settled("a 2.0.0, c 2.0.0, core 2.0.0", settled(shelf, "a ^2.0.0", "a 1.0.0"));
    // What is asked for by name comes first: the others follow.
    assert_settled("b 1.0.0, c 2.0.0, core 2.0.0", settled(shelf, "b *, c *", "b 1.0.0, core 1.0.0", {"c"}));
  }

  void what_nobody_needs_any_more_is_left_out() {
    Shelf shelf{"a 1.0.0: old *", "a 2.0.0: new *", "old 1.0.0", "new 1.0.0", "new 2.0.0"};
    assert_settled("a 2.0.0, new 2.0.0", settled(shelf, "a *", "a 1.0.0, old 1.0.0", {"a"}));
    assert_settled("a 2.0.0, new 1.0.0", settled(shelf, "a ^2.0.0", "a 1.0.0, new 1.0.0, old 1.0.0"));
    // Only the core that goes back needed the oil, which was held fast by then.
    Shelf oily{"a 1.0.0: core *", "a 2.0.0: c *",      "c 1.0.0: core *", "c 2.0.0: core ^2.0.0",
               "core 1.0.0",      "core 2.0.0: oil *", "oil 1.0.0"};
    assert_settled("a 2.0.0, c 1.0.0, core 1.0.0",
                   settled(oily, "a ^2.0.0", "a 1.0.0, core 1.0.0, oil 1.0.0"));
  }

  void a_locked_version_that_was_yanked_stays_and_a_freed_one_does_not() {
    Shelf shelf{"a 1.0.0", "!a 1.1.0", "b 1.0.0", "b 1.1.0"};
    assert_settled("a 1.1.0, b 1.0.0", settled(shelf, "a ^1.0.0, b *", "a 1.1.0, b 1.0.0"));
    assert_settled("a 1.1.0, b 1.1.0", settled(shelf, "a ^1.0.0, b *", "a 1.1.0, b 1.0.0", {"b"}));
    assert_settled("a 1.0.0, b 1.0.0", settled(shelf, "a ^1.0.0, b *", "a 1.1.0, b 1.0.0", {"a"}));
  }

  void the_lowest_strategy_frees_downwards() {
    Shelf shelf{"a 1.0.0", "a 1.1.0", "a 1.2.0", "b 1.0.0", "b 1.1.0"};
    assert_settled("a 1.0.0, b 1.1.0",
                   settled(shelf, "a ^1.0.0, b *", "a 1.1.0, b 1.1.0", {"a"}, resolver::Strategy::lowest));
  }

  void a_prerelease_above_is_not_taken_for_the_highest() {
    Shelf shelf{"a 1.0.0", "a 1.1.0", "a 2.0.0-rc.1", "b 1.0.0: a *"};
    assert_settled("a 1.1.0, b 1.0.0", settled(shelf, "b *", "a 1.0.0, b 1.0.0", {"a"}));
  }

  void what_does_not_fit_is_a_failure_of_the_problem_itself() {
    Shelf shelf{"a 1.0.0: c ^1.0.0", "b 1.0.0: c ^2.0.0", "c 1.0.0", "c 2.0.0"};
    assert_settled("no solution", settled(shelf, "a *, b *", "a 1.0.0, c 1.0.0"));
    assert_settled("no solution", settled(shelf, "a *, nothing *", "a 1.0.0, c 1.0.0", {"c"}));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SettleTest);
