// SPDX-License-Identifier: MIT
// No way out is proposed that is none: each proposal is read back, done to the project as a person would do
// it, and solved again in a fresh universe.
#include "libwharf/resolver/ways_out.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <random>
#include <regex>

#include "libwharf/package/requirement.hpp"
#include "libwharf/resolver/explanation.hpp"
#include "libwharf/resolver/validator.hpp"
#include "tests/unit/resolver/small_worlds.hpp"
#include "tests/unit/resolver/story.hpp"

using namespace wharf;
using namespace wharf::resolver;

class WaysOutTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(WaysOutTest);
  CPPUNIT_TEST(proposes_nothing_that_does_not_help);
  CPPUNIT_TEST(changes_what_stands_twice_in_a_file_at_once);
  CPPUNIT_TEST(is_the_same_each_time);
  CPPUNIT_TEST(says_why_even_where_the_registry_fails_in_the_search);
  CPPUNIT_TEST(stops_where_the_effort_ends);
  CPPUNIT_TEST_SUITE_END();

  static constexpr Effort k_patient{500, std::chrono::seconds(60), 3};

  static std::vector<std::string> ways(const std::string& told, const Effort& effort = k_patient) {
    test::Story story(told);
    Universe universe(story);
    const auto answer = solve(universe, story.problem);
    const auto* failure = std::get_if<Failure>(&answer);
    return failure == nullptr ? std::vector<std::string>{}
                              : ways_out(universe, story.problem, *failure, effort);
  }

  // One change: of the want of `name` whose text is `old`, or of the only one.
  static void change(Problem& problem, const std::string& name, const std::string& old,
                     const std::string& new_name, const std::string& requirement) {
    const auto want = std::ranges::find_if(problem.wants, [&](const Want& one) {
      return one.name == name && (old.empty() || one.text() == old);
    });
    CPPUNIT_ASSERT_MESSAGE("nobody asks for " + name + ' ' + old, want != problem.wants.end());
    want->name = new_name;
    if (!requirement.empty()) want->requirement = parse_requirement(requirement).portable_text();
  }

  static Problem done(const Problem& before, const std::string& way) {
    static const std::regex without("do without (.*): all else that is asked for fits together");
    static const std::regex other("([a-z]+) (\\S+) instead of (\\S+)");
    static const std::regex name("ask for ([a-z]+)( \\S+)? instead of ([a-z]+) in wharf.toml");
    Problem problem = before;
    std::smatch match;
    if (std::regex_match(way, match, name)) {
      change(problem, match[3], "", match[1], match[2].matched ? match[2].str().substr(1) : "");
      return problem;
    }
    for (std::sregex_iterator at(way.begin(), way.end(), other), end; at != end; ++at) {
      change(problem, (*at)[1], (*at)[3], (*at)[1], (*at)[2]);
    }
    return problem;
  }

  static void check(test::Story& story, const Problem& problem, const std::string& said) {
    Universe fresh(story);
    const auto answer = solve(fresh, problem);
    const auto* solution = std::get_if<Solution>(&answer);
    CPPUNIT_ASSERT_MESSAGE(said, solution);
    CPPUNIT_ASSERT_MESSAGE(said, faults_of(story, problem, *solution).empty());
  }

 public:
  void proposes_nothing_that_does_not_help() {
    std::mt19937 random(7);
    std::size_t tried = 0, left_out = 0;
    for (int round = 0; round < 3'000; ++round) {
      const std::string told = test::small_world(random) + "like ghost: ape; bee\n";
      for (const auto& way : ways(told)) {
        test::Story story(told);
        ++tried;
        static const std::regex each("without ([a-z]+)");
        if (way.starts_with("do without ")) {
          for (std::sregex_iterator at(way.begin(), way.end(), each), end; at != end; ++at) {
            Problem problem = story.problem;
            const auto gone = std::ranges::find(problem.wants, (*at)[1].str(), &Want::name);
            CPPUNIT_ASSERT_MESSAGE(told + way, gone != problem.wants.end());
            problem.wants.erase(gone);
            // One that is asked for twice may have to go twice.
            if (std::ranges::find(problem.wants, (*at)[1].str(), &Want::name) != problem.wants.end())
              continue;
            check(story, problem, told + way);
            ++left_out;
          }
          continue;
        }
        check(story, done(story.problem, way), told + way);
      }
    }
    CPPUNIT_ASSERT_MESSAGE(std::to_string(tried), tried > 300);
    CPPUNIT_ASSERT_MESSAGE(std::to_string(left_out), left_out > 10);
  }

  void changes_what_stands_twice_in_a_file_at_once() {
    const auto found = ways("foo 1.0.0\nfoo 1.1.0\nwharf.toml: foo ^2.0.0; foo ^2.0.0\n");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.size());
    CPPUNIT_ASSERT_EQUAL(std::string("ask for foo ^1.1.0 instead of ^2.0.0 in wharf.toml"), found.front());
  }

  void is_the_same_each_time() {
    std::mt19937 random(11);
    for (int round = 0; round < 200; ++round) {
      const std::string told = test::small_world(random);
      CPPUNIT_ASSERT(ways(told) == ways(told));
    }
  }

  void says_why_even_where_the_registry_fails_in_the_search() {
    test::Story story("foo 1.0.0: far ^1.0.0\nfar is out of reach\nwharf.toml: foo ^2.0.0; fo ^1.0.0\n");
    Universe universe(story);
    const auto answer = solve(universe, story.problem);
    const auto& failure = std::get<Failure>(answer);
    CPPUNIT_ASSERT(explain(universe, failure, false).ends_with("there is no solution."));
    CPPUNIT_ASSERT(ways_out(universe, story.problem, failure, k_patient).empty());
  }

  void stops_where_the_effort_ends() {
    const std::string told =
        "foo 1.0.0\nfoo 2.0.0\nbar 1.0.0\nbar 2.0.0\nwharf.toml: foo =1.0.0; foo =2.0.0; bar ^1.0.0\n";
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, ways(told).size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, ways(told, {500, std::chrono::seconds(60), 1}).size());
    CPPUNIT_ASSERT(ways(told, {0, std::chrono::seconds(60), 3}).empty());
    CPPUNIT_ASSERT(ways(told, {500, std::chrono::seconds(0), 3}).empty());
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(WaysOutTest);
