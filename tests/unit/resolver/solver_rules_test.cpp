// SPDX-License-Identifier: MIT
// The rules of solver.hpp, one by one.
#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"
#include "libwharf/resolver/validator.hpp"
#include "tests/unit/resolver/solving.hpp"

using namespace wharf;
using namespace wharf::resolver;
using test::PackageTable;
using test::problem_of;
using test::solved;
using test::solved_for;

class SolverRulesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SolverRulesTest);
  CPPUNIT_TEST(nothing_wanted_is_solved_by_nothing);
  CPPUNIT_TEST(the_highest_that_all_accept_is_taken);
  CPPUNIT_TEST(the_lowest_is_taken_where_that_is_asked_for);
  CPPUNIT_TEST(several_wants_of_one_name_must_all_be_met);
  CPPUNIT_TEST(a_version_whose_wants_cannot_be_met_is_passed_over);
  CPPUNIT_TEST(direct_wants_choose_first);
  CPPUNIT_TEST(cycles_are_allowed);
  CPPUNIT_TEST(yanked_versions_count_only_where_locked_exactly);
  CPPUNIT_TEST(prereleases_match_only_where_one_of_their_numbers_is_named);
  CPPUNIT_TEST(a_version_that_wants_itself_otherwise_is_impossible);
  CPPUNIT_TEST(locked_versions_are_preferred_but_never_forced);
  CPPUNIT_TEST(what_is_locked_moves_as_little_as_it_can);
  CPPUNIT_TEST(build_metadata_is_part_of_what_is_locked);
  CPPUNIT_TEST(wants_of_the_root_are_held_against_its_own_version);
  CPPUNIT_TEST(a_root_without_a_version_counts_as_zero);
  CPPUNIT_TEST(packages_with_very_many_versions_are_like_others);
  CPPUNIT_TEST(sets_end_where_words_end);
  CPPUNIT_TEST(an_unreadable_requirement_makes_its_version_impossible);
  CPPUNIT_TEST(versions_out_of_order_are_refused);
  CPPUNIT_TEST(the_validator_finds_each_fault);
  CPPUNIT_TEST_SUITE_END();

  static Problem locked(Problem problem, const std::string& name, std::string_view version) {
    problem.locked.insert_or_assign(name, parse_version(version));
    return problem;
  }
  static Problem rooted(Problem problem, const std::string& name, std::optional<Version> version) {
    problem.name = name;
    problem.version = std::move(version);
    return problem;
  }
  static void expect(const std::string& expected, const std::string& answer) {
    CPPUNIT_ASSERT_EQUAL(expected, answer);
  }

 public:
  void nothing_wanted_is_solved_by_nothing() {
    PackageTable table;
    expect("", solved_for(table, {}));
  }
  void the_highest_that_all_accept_is_taken() {
    PackageTable table;
    table.add("a", "1.0.0", {{"shared", ">=2, <4"}}).add("b", "1.0.0", {{"shared", ">=3, <5"}});
    for (const auto* v : {"2.0.0", "3.0.0", "3.6.9", "4.0.0", "5.0.0"}) table.add("shared", v);
    expect("a 1.0.0, b 1.0.0, shared 3.6.9", solved_for(table, {"a *", "b *"}));
  }
  void the_lowest_is_taken_where_that_is_asked_for() {
    PackageTable table;
    table.add("a", "1.0.0", {{"b", ">=1.1"}}).add("a", "2.0.0");
    for (const auto* v : {"1.0.0", "1.1.0", "1.2.0"}) table.add("b", v);
    Problem problem = problem_of({"a *"});
    problem.strategy = Strategy::lowest;
    expect("a 1.0.0, b 1.1.0", solved(table, problem));
  }
  void several_wants_of_one_name_must_all_be_met() {
    PackageTable table;
    for (const auto* v : {"1.0.0", "1.5.0", "2.0.0"}) table.add("a", v);
    expect("a 1.5.0", solved_for(table, {"a <2", "a >=1.2"}));
    expect("no solution", solved_for(table, {"a <1.2", "a >1.2"}));
  }
  void a_version_whose_wants_cannot_be_met_is_passed_over() {
    PackageTable table;
    table.add("a", "1.0.0", {{"b", "^1"}})
        .add("a", "2.0.0", {{"b", "^9"}})
        .add("a", "3.0.0", {{"nowhere", "*"}});
    table.add("b", "1.0.0");
    expect("a 1.0.0, b 1.0.0", solved_for(table, {"a *"}));
    expect("no solution", solved_for(table, {"a >=2"}));
  }
  void direct_wants_choose_first() {
    PackageTable table;
    table.add("a", "1.0.0")
        .add("a", "2.0.0", {{"b", "^1"}})
        .add("b", "1.0.0")
        .add("b", "2.0.0", {{"a", "^1"}});
    expect("a 2.0.0, b 1.0.0", solved_for(table, {"a *", "b *"}));
    expect("a 2.0.0, b 1.0.0", solved_for(table, {"b *", "a *"}));
  }
  void cycles_are_allowed() {
    PackageTable table;
    table.add("a", "1.0.0", {{"b", "^1"}}).add("b", "1.0.0", {{"c", "^1"}}).add("c", "1.0.0", {{"a", "^1"}});
    table.add("c", "1.1.0", {{"a", "^2"}});
    expect("a 1.0.0, b 1.0.0, c 1.0.0", solved_for(table, {"a *"}));
  }
  void yanked_versions_count_only_where_locked_exactly() {
    PackageTable table;
    table.add("a", "1.0.0").add("a", "1.1.0", {}, true).add("a", "1.2.0", {}, true);
    const Problem problem = problem_of({"a ^1"});
    expect("a 1.0.0", solved(table, problem));
    expect("a 1.1.0", solved(table, locked(problem, "a", "1.1.0")));
    expect("a 1.0.0", solved(table, locked(problem, "a", "1.3.0")));
    expect("no solution", solved(table, locked(problem_of({"a >=1.2"}), "a", "1.1.0")));
    // A lock holds for its own solve alone.
    Universe universe(table);
    expect("a 1.1.0", solved(universe, locked(problem, "a", "1.1.0")));
    expect("a 1.0.0", solved(universe, problem));
    expect("a 1.2.0", solved(universe, locked(problem, "a", "1.2.0")));
    expect("a 1.0.0", solved(universe, problem));
  }
  void prereleases_match_only_where_one_of_their_numbers_is_named() {
    PackageTable table;
    table.add("a", "1.0.0-rc.1").add("a", "1.1.0-beta.1").add("a", "1.1.0-beta.2");
    expect("no solution", solved_for(table, {"a *"}));
    expect("no solution", solved_for(table, {"a ^1"}));
    expect("a 1.1.0-beta.2", solved_for(table, {"a ^1.1.0-beta.1"}));
    expect("a 1.0.0-rc.1", solved_for(table, {"a =1.0.0-rc.1"}));
    table = PackageTable().add("a", "1.0.0").add("a", "1.1.0-beta.1");
    expect("a 1.0.0", solved_for(table, {"a ^1.0.0-alpha"}));
  }
  void a_version_that_wants_itself_otherwise_is_impossible() {
    PackageTable table;
    table.add("a", "1.0.0", {{"a", "^1"}})
        .add("a", "2.0.0", {{"a", "^1"}})
        .add("a", "3.0.0", {{"a", "^1"}, {"b", "*"}});
    table.add("c", "1.0.0", {{"c", "^2"}});
    expect("a 1.0.0", solved_for(table, {"a *"}));
    expect("no solution", solved_for(table, {"a >=2"}));
    expect("no solution", solved_for(table, {"c *"}));
  }
  void locked_versions_are_preferred_but_never_forced() {
    PackageTable table;
    for (const auto* v : {"1.0.0", "1.0.1", "1.0.2"})
      table.add("foo", v, {{"bar", std::string("=") + v}}).add("bar", v);
    Problem problem = locked(locked(problem_of({"foo *"}), "foo", "1.0.1"), "bar", "1.0.1");
    expect("bar 1.0.1, foo 1.0.1", solved(table, problem));
    problem.wants[0].requirement = ">1.0.1";
    expect("bar 1.0.2, foo 1.0.2", solved(table, problem));
    problem = locked(problem, "elsewhere", "1.0.0");
    expect("bar 1.0.2, foo 1.0.2", solved(table, problem));
  }
  void what_is_locked_moves_as_little_as_it_can() {
    // `foo` was set free; its newest version wants another `bar` than the one that is locked and wanted
    // directly.
    PackageTable table;
    table.add("foo", "1.0.0", {{"bar", "*"}})
        .add("foo", "1.1.0", {{"bar", "*"}})
        .add("foo", "1.2.0", {{"bar", "^2"}});
    table.add("bar", "1.0.0").add("bar", "2.0.0");
    expect("bar 1.0.0, foo 1.1.0", solved(table, locked(problem_of({"foo *", "bar *"}), "bar", "1.0.0")));
  }
  void build_metadata_is_part_of_what_is_locked() {
    PackageTable table;
    table.add("a", "1.0.0+one", {}, true).add("a", "1.1.0");
    expect("a 1.0.0+one", solved(table, locked(problem_of({"a *"}), "a", "1.0.0+one")));
    expect("a 1.1.0", solved(table, locked(problem_of({"a *"}), "a", "1.0.0+two")));
  }
  void wants_of_the_root_are_held_against_its_own_version() {
    PackageTable table;
    table.add("plugin", "1.0.0", {{"app", "^1"}}).add("plugin", "2.0.0", {{"app", "^2"}});
    table.add("app", "1.9.0").add("app", "2.0.0", {{"nowhere", "*"}});
    const Problem problem = problem_of({"plugin *"});
    expect("plugin 1.0.0", solved(table, rooted(problem, "app", parse_version("1.0.0"))));
    expect("plugin 2.0.0", solved(table, rooted(problem, "app", parse_version("2.5.0"))));
    expect("no solution", solved(table, rooted(problem, "app", parse_version("3.0.0"))));
    expect("no solution", solved(table, rooted(problem_of({"app ^2"}), "app", parse_version("1.0.0"))));
    expect("", solved(table, rooted(problem_of({"app ^1"}), "app", parse_version("1.0.0"))));
    // In one universe, for one root after the other; and for one of another name it is a package like others.
    Universe universe(table);
    expect("plugin 1.0.0", solved(universe, rooted(problem, "app", parse_version("1.0.0"))));
    expect("app 1.9.0, plugin 1.0.0", solved(universe, problem));
    expect("plugin 2.0.0", solved(universe, rooted(problem, "app", parse_version("2.0.0"))));
  }
  void a_root_without_a_version_counts_as_zero() {
    PackageTable table;
    table.add("plugin", "1.0.0", {{"app", "*"}}).add("plugin", "2.0.0", {{"app", "^1"}});
    expect("plugin 1.0.0", solved(table, rooted(problem_of({"plugin *"}), "app", std::nullopt)));
  }
  void packages_with_very_many_versions_are_like_others() {
    PackageTable table;
    for (int i = 0; i < 1000; ++i) {
      const std::string v = std::to_string(i / 100) + "." + std::to_string(i % 100) + ".0";
      table.add("many", v, {{"few", i < 700 ? "^1" : "^3"}}, i % 7 == 0);
    }
    for (int i = 0; i < 200; ++i)
      table.add("few", "1." + std::to_string(i) + ".0", {{"many", i < 64 ? "<0.65" : ">=9"}});
    table.add("few", "2.0.0");
    expect("few 1.63.0, many 0.64.0", solved_for(table, {"many *"}));
    expect("few 1.63.0, many 0.64.0", solved_for(table, {"few ^1"}));
    expect("no solution", solved_for(table, {"many >=1"}));
    Problem problem = problem_of({"many *"});
    problem.strategy = Strategy::lowest;
    expect("few 1.0.0, many 0.1.0", solved(table, problem));
    expect("few 1.63.0, many 0.63.0", solved(table, locked(problem_of({"many *"}), "many", "0.63.0")));
  }
  void sets_end_where_words_end() {
    for (const int count : {1, 2, 62, 63, 64, 65, 126, 127, 128, 129, 192}) {
      PackageTable table;
      for (int i = 0; i < count; ++i) {
        const std::string v = std::to_string(i) + ".0.0";
        table.add("pair", v, {{"other", "=" + v}}).add("other", v);
      }
      Universe universe(table);
      const auto both = [](int i) {
        return "other " + std::to_string(i) + ".0.0, pair " + std::to_string(i) + ".0.0";
      };
      expect(both(count - 1), solved(universe, problem_of({"pair *"})));
      for (const int i : {0, count / 2, count - 1})
        expect(both(i), solved(universe, problem_of({"pair *", "other =" + std::to_string(i) + ".0.0"})));
      Problem lowest = problem_of({"pair *"});
      lowest.strategy = Strategy::lowest;
      expect(both(0), solved(universe, lowest));
      const std::string last = std::to_string(count - 1);
      expect("no solution", solved(universe, problem_of({"pair <" + last, "other >=" + last})));
    }
  }
  void an_unreadable_requirement_makes_its_version_impossible() {
    PackageTable table;
    table.add("a", "1.0.0").add("a", "2.0.0", {{"b", "one or two"}}).add("b", "1.0.0");
    expect("a 1.0.0", solved_for(table, {"a *"}));
    expect("no solution", solved_for(table, {"a latest"}));
  }
  void versions_out_of_order_are_refused() {
    struct Disorder : Source {
      std::vector<Candidate> candidates{{parse_version("2.0.0"), false, {}},
                                        {parse_version("1.0.0"), false, {}}};
      Answer package(std::string_view) override { return {Absence::present, &candidates}; }
    } source;
    Universe universe(source);
    CPPUNIT_ASSERT_THROW(solve(universe, problem_of({"a *"})), Error);
  }
  void the_validator_finds_each_fault() {
    PackageTable table;
    table.add("a", "1.0.0", {{"b", "^1"}})
        .add("b", "1.0.0")
        .add("b", "1.1.0", {}, true)
        .add("b", "2.0.0")
        .add("c", "1.0.0");
    const auto faults = [&](const Problem& problem, const std::map<std::string, std::string>& versions) {
      Solution solution;
      for (const auto& [name, version] : versions) solution.versions.emplace(name, parse_version(version));
      std::string all;
      for (const auto& fault : faults_of(table, problem, solution))
        all.append(all.empty() ? "" : "; ").append(fault);
      return all;
    };
    const Problem problem = problem_of({"a *"});
    expect("", faults(problem, {{"a", "1.0.0"}, {"b", "1.0.0"}}));
    expect("", faults(locked(problem, "b", "1.1.0"), {{"a", "1.0.0"}, {"b", "1.1.0"}}));
    expect("the root needs 'a', which is not in the solution", faults(problem, {}));
    expect("'a 1.0.0' needs 'b', which is not in the solution", faults(problem, {{"a", "1.0.0"}}));
    expect("'a 1.0.0' needs 'b' '^1', which '2.0.0' does not match",
           faults(problem, {{"a", "1.0.0"}, {"b", "2.0.0"}}));
    expect("'b 1.1.0' is yanked", faults(problem, {{"a", "1.0.0"}, {"b", "1.1.0"}}));
    expect("'b 1.9.0' does not exist", faults(problem, {{"a", "1.0.0"}, {"b", "1.9.0"}}));
    expect("'c 1.0.0' is needed by nobody",
           faults(problem, {{"a", "1.0.0"}, {"b", "1.0.0"}, {"c", "1.0.0"}}));
    expect("the root needs 'a' '^2', which '1.0.0' does not match",
           faults(rooted(problem_of({"a ^2"}), "a", parse_version("1.0.0")), {}));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SolverRulesTest);
