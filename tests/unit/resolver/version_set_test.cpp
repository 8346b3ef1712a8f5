// SPDX-License-Identifier: MIT
#include "libwharf/resolver/version_set.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <random>
#include <set>

using wharf::resolver::VersionSet;

// Sizes around the ends of words and of the small buffer.
constexpr std::size_t k_sizes[] = {0, 1, 2, 63, 64, 65, 127, 128, 129, 192, 300, 2000};

class VersionSetTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(VersionSetTest);
  CPPUNIT_TEST(agrees_with_sets_of_numbers);
  CPPUNIT_TEST(all_and_none_are_each_others_complement);
  CPPUNIT_TEST(copies_are_independent_and_moves_keep_the_content);
  CPPUNIT_TEST(runs_are_stretches_without_a_gap);
  CPPUNIT_TEST_SUITE_END();

  using Numbers = std::set<std::size_t>;
  std::mt19937 random_{7};

  VersionSet draw(std::size_t size, Numbers& numbers) {
    VersionSet set(size);
    const unsigned one_in = 1 + random_() % 4;
    for (std::size_t i = 0; i < size; ++i)
      if (random_() % one_in == 0) {
        set.insert(i);
        numbers.insert(i);
      }
    return set;
  }
  static void expect_equal(const Numbers& numbers, const VersionSet& set) {
    CPPUNIT_ASSERT_EQUAL(numbers.size(), set.count());
    CPPUNIT_ASSERT_EQUAL(numbers.empty(), set.empty());
    for (std::size_t i = 0; i < set.size() + 2; ++i)
      CPPUNIT_ASSERT_EQUAL(numbers.contains(i), set.contains(i));
    CPPUNIT_ASSERT_EQUAL(numbers.empty() ? set.size() : *numbers.begin(), set.lowest());
    CPPUNIT_ASSERT_EQUAL(numbers.empty() ? set.size() : *numbers.rbegin(), set.highest());
    CPPUNIT_ASSERT(VersionSet::of_words(set.size(), set.words().data()) == set);
  }

 public:
  void agrees_with_sets_of_numbers() {
    for (const std::size_t size : k_sizes)
      for (int round = 0; round < 20; ++round) {
        Numbers a, b, both, either, only_a, not_a;
        const VersionSet x = draw(size, a), y = draw(size, b);
        for (std::size_t i = 0; i < size; ++i) {
          if (a.contains(i) && b.contains(i)) both.insert(i);
          if (a.contains(i) || b.contains(i)) either.insert(i);
          if (a.contains(i) && !b.contains(i)) only_a.insert(i);
          if (!a.contains(i)) not_a.insert(i);
        }
        expect_equal(a, x);
        expect_equal(both, x & y);
        expect_equal(either, x | y);
        expect_equal(only_a, x - y);
        expect_equal(not_a, x.complement());
        CPPUNIT_ASSERT_EQUAL(only_a.empty(), x.is_subset_of(y));
        CPPUNIT_ASSERT_EQUAL(!both.empty(), x.intersects(y));
        CPPUNIT_ASSERT_EQUAL(a == b, x == y);
        CPPUNIT_ASSERT((x & y).is_subset_of(x) && x.is_subset_of(x | y));
        VersionSet z = x;
        for (const auto i : a) z.erase(i);
        CPPUNIT_ASSERT(z.empty());
      }
  }
  void all_and_none_are_each_others_complement() {
    for (const std::size_t size : k_sizes) {
      CPPUNIT_ASSERT_EQUAL(size, VersionSet::all(size).count());
      CPPUNIT_ASSERT(VersionSet::all(size).complement() == VersionSet(size));
      CPPUNIT_ASSERT(VersionSet(size).complement() == VersionSet::all(size));
    }
  }
  void copies_are_independent_and_moves_keep_the_content() {
    for (const std::size_t size : {64u, 2000u}) {
      VersionSet set(size);
      set.insert(size - 1);
      VersionSet copy = set;
      copy.insert(0);
      CPPUNIT_ASSERT(!set.contains(0));
      const VersionSet moved = std::move(copy);
      CPPUNIT_ASSERT(moved.contains(0) && moved.contains(size - 1));
      set = moved;
      CPPUNIT_ASSERT(set == moved);
      set = VersionSet(5);
      CPPUNIT_ASSERT_EQUAL(std::size_t{5}, set.size());
    }
  }
  void runs_are_stretches_without_a_gap() {
    VersionSet set(200);
    for (const std::size_t i : {0u, 1u, 62u, 63u, 64u, 65u, 199u}) set.insert(i);
    using Runs = std::vector<std::pair<std::size_t, std::size_t>>;
    CPPUNIT_ASSERT((Runs{{0, 1}, {62, 65}, {199, 199}}) == set.runs());
    CPPUNIT_ASSERT(VersionSet(200).runs().empty());
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(VersionSetTest);
