// SPDX-License-Identifier: MIT
#include "client/solve/changes.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "client/solve/lock_graph.hpp"
#include "tests/unit/client/solve/shelf.hpp"

using namespace wharf;
using namespace wharf::client;

class ChangesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ChangesTest);
  CPPUNIT_TEST(each_change_has_its_reason);
  CPPUNIT_TEST(what_had_to_move_because_of_its_own_needs_says_so);
  CPPUNIT_TEST(what_stayed_is_no_change);
  CPPUNIT_TEST(the_tops_of_a_lock_are_what_was_once_asked_for);
  CPPUNIT_TEST(what_is_reached_is_followed_through_cycles);
  CPPUNIT_TEST_SUITE_END();

  // Lines as on a Shelf.
  static Lock lock(std::initializer_list<std::string_view> lines) {
    Lock lock;
    for (const auto line : lines) {
      const auto colon = line.find(':');
      const auto head = line.substr(0, colon);
      LockedPackage package;
      package.name = head.substr(0, head.find(' '));
      package.version = parse_version(head.substr(head.find(' ') + 1));
      if (colon != line.npos)
        for (const auto& want : Shelf::wants(line.substr(colon + 1)))
          package.dependencies.emplace(want.name, want.requirement);
      lock.packages.push_back(std::move(package));
    }
    return lock;
  }

  static std::string told(const Lock& before, const Lock& after, std::string_view wants,
                          const std::set<std::string>& freed = {}) {
    auto all = Shelf::wants(wants);
    for (auto& want : all) want.where = "wharf.toml";
    std::string text;
    for (const auto& change : changes_between(before, after, all, freed)) text += shown(change) + "\n";
    return text;
  }

 public:
  void each_change_has_its_reason() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("core 1.0.0 -> 1.1.0 (fog 1.1.0 wants ^1.1.0)\n"
                    "fog 1.0.0 -> 1.1.0 (the furthest that fits)\n"
                    "horn 1.0.0 -> 2.0.0 (wharf.toml wants ^2.0.0)\n"
                    "+ lamp 1.0.0 (wharf.toml wants *)\n"
                    "- oil 1.0.0 (nothing needs it any more)\n"
                    "+ wick 1.0.0 (lamp 1.0.0 wants ^1.0.0)\n"),
        told(lock({"core 1.0.0", "fog 1.0.0: core ^1.0.0", "horn 1.0.0: oil *", "oil 1.0.0"}),
             lock({"core 1.1.0", "fog 1.1.0: core ^1.1.0", "horn 2.0.0", "lamp 1.0.0: wick ^1.0.0",
                   "wick 1.0.0"}),
             "fog ^1.0.0, horn ^2.0.0, lamp *", {"fog"}));
  }

  void what_had_to_move_because_of_its_own_needs_says_so() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("core 1.0.0 -> 2.0.0 (wharf.toml wants ^2.0.0)\n"
                    "fog 1.0.0 -> 1.1.0 (1.0.0 wants core ^1.0.0, which is now 2.0.0)\n"
                    "gone 1.0.0 -> 1.0.1 (1.0.0 is not to be had any more, or does not fit the others)\n"),
        told(lock({"core 1.0.0", "fog 1.0.0: core ^1.0.0", "gone 1.0.0"}),
             lock({"core 2.0.0", "fog 1.1.0: core ^2.0.0", "gone 1.0.1"}), "core ^2.0.0, fog *, gone *"));
  }

  void what_stayed_is_no_change() {
    CPPUNIT_ASSERT_EQUAL(std::string(),
                         told(lock({"a 1.0.0", "b 1.0.0"}), lock({"a 1.0.0", "b 1.0.0"}), "a *, b *", {"a"}));
  }

  void the_tops_of_a_lock_are_what_was_once_asked_for() {
    const auto tops = [](std::initializer_list<std::string_view> lines) {
      const Lock all = lock(lines);
      std::string text;
      for (const auto& name : LockGraph(all).tops()) text += name + " ";
      return text;
    };
    CPPUNIT_ASSERT_EQUAL(std::string("fog lamp "), tops({"core 1.0.0", "fog 1.0.0: core *", "lamp 1.0.0"}));
    // Of a ring that nobody needs one stands for all; one that somebody needs has no top of its own.
    CPPUNIT_ASSERT_EQUAL(std::string("a "), tops({"a 1.0.0: b *", "b 1.0.0: c *", "c 1.0.0: a *"}));
    CPPUNIT_ASSERT_EQUAL(std::string("top "), tops({"a 1.0.0: b *", "b 1.0.0: a *", "top 1.0.0: a *"}));
    CPPUNIT_ASSERT_EQUAL(std::string("self "), tops({"self 1.0.0: self *"}));
    CPPUNIT_ASSERT_EQUAL(std::string(), tops({}));
  }

  void what_is_reached_is_followed_through_cycles() {
    const Lock all = lock({"a 1.0.0: b *", "b 1.0.0: a *, missing *", "c 1.0.0"});
    CPPUNIT_ASSERT(LockGraph(all).reachable({"a", "nothing"}) == (std::set<std::string>{"a", "b"}));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ChangesTest);
