// SPDX-License-Identifier: MIT
// No explanation says anything false: small worlds are made at random, each sentence is read back as a person
// would read it (prose_reader.hpp), its facts are looked up in the world, and what it concludes is tried
// against every choice of versions that its reasons allow.
#include <cppunit/extensions/HelperMacros.h>

#include <random>

#include "libwharf/resolver/abridge.hpp"
#include "libwharf/resolver/narration.hpp"
#include "libwharf/resolver/shorten.hpp"
#include "libwharf/resolver/ways_out.hpp"
#include "tests/unit/resolver/prose_reader.hpp"
#include "tests/unit/resolver/small_worlds.hpp"

using namespace wharf;
using namespace wharf::resolver;

class ExplanationTruthTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ExplanationTruthTest);
  CPPUNIT_TEST(says_nothing_false_of_any_small_world);
  CPPUNIT_TEST(would_notice_a_false_sentence);
  CPPUNIT_TEST_SUITE_END();

  static std::string all(const std::vector<Sentence>& sentences) {
    std::string text;
    for (const auto& sentence : sentences)
      text += std::to_string(sentence.number) + ' ' + sentence.text() + '\n';
    return text;
  }

 public:
  void says_nothing_false_of_any_small_world() {
    std::mt19937 random(20240229);
    std::size_t explained = 0, long_ones = 0;
    for (int round = 0; round < 12'000; ++round) {
      const std::string told = test::small_world(random);
      test::Story story(told);
      Universe universe(story);
      const auto answer = solve(universe, story.problem);
      const auto* failure = std::get_if<Failure>(&answer);
      if (failure == nullptr) continue;
      ++explained;
      const auto plain = argument_of(universe, *failure);
      const auto argument = shortened(plain);
      for (const auto* each : {&plain, &argument}) {
        for (const std::size_t pieces : {3u, 12u}) {
          const auto sentences = narrated(*each, pieces);
          long_ones += sentences.size() > 3 ? 1 : 0;
          const auto fault = test::ProseReader(story, *each).fault_in(sentences);
          CPPUNIT_ASSERT_EQUAL_MESSAGE(told + all(sentences), std::string(), fault);
          CPPUNIT_ASSERT_EQUAL(std::string("there is no solution"), sentences.back().therefore);
        }
      }
      // What is told of a part is true, too, though it does not prove the whole.
      const auto part = abridged(argument, 3, 3);
      const auto fault = test::ProseReader(story, argument).fault_in_facts(narrated(part.argument, 3));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(told + all(narrated(part.argument, 3)), std::string(), fault);
    }
    CPPUNIT_ASSERT_MESSAGE(std::to_string(explained), explained > 1000);
    CPPUNIT_ASSERT_MESSAGE(std::to_string(long_ones), long_ones > 200);
  }

  void would_notice_a_false_sentence() {
    test::Story story(
        "foo 1.0.0: bar ^1.0.0\nfoo 1.1.0: bar ^1.0.0\nbar 1.0.0\nbar 2.0.0\nwharf.toml: foo *; bar "
        "^2.0.0\n");
    Universe universe(story);
    const auto answer = solve(universe, story.problem);
    const auto argument = argument_of(universe, std::get<Failure>(answer));
    const test::ProseReader reader(story, argument);
    const auto fault = [&](std::vector<std::string> because, std::string therefore) {
      return reader.fault_in({{0, false, 0, std::move(because), std::move(therefore)}});
    };
    CPPUNIT_ASSERT_EQUAL(std::string(), fault({"every version of foo depends on bar ^1.0.0"},
                                              "every version of foo needs bar 1.0.0"));
    for (const char* wrong : {"every version of foo depends on bar ^2.0.0", "foo 1.0.0 depends on bar ^1.0.0",
                              "every version of bar depends on bar ^1.0.0", "wharf.toml asks for foo ^1.0.0",
                              "wharf.toml asks for foo, which no version matches (there is only 1.0.0)"}) {
      CPPUNIT_ASSERT_MESSAGE(wrong, !fault({wrong}, "every version of foo needs bar 1.0.0").empty());
    }
    for (const char* wrong : {"every version of foo needs bar 2.0.0", "no version of foo can be used",
                              "there is no solution", "foo and bar cannot be used together"}) {
      CPPUNIT_ASSERT_MESSAGE(wrong, !fault({"every version of foo depends on bar ^1.0.0"}, wrong).empty());
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ExplanationTruthTest);
