// SPDX-License-Identifier: MIT
#include "libwharf/command/arguments.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "admin-tools/common/moment.hpp"
#include "admin-tools/common/operator.hpp"
#include "tests/unit/tools/tables.hpp"

using namespace wharf;
using namespace wharf::admin;
using namespace wharf::test;

using Words = std::vector<std::string>;

class ArgumentsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ArgumentsTest);
  CPPUNIT_TEST(takes_options_anywhere_and_in_both_forms);
  CPPUNIT_TEST(takes_everything_after_two_dashes_as_arguments);
  CPPUNIT_TEST(hands_out_arguments_by_name);
  CPPUNIT_TEST(says_what_is_wrong_and_what_is_near);
  CPPUNIT_TEST(offers_what_the_effect_brings);
  CPPUNIT_TEST(needs_nothing_for_help);
  CPPUNIT_TEST(reads_numbers_within_bounds);
  CPPUNIT_TEST(reads_moments);
  CPPUNIT_TEST(takes_a_reason_of_one_line);
  CPPUNIT_TEST_SUITE_END();

 public:
  static Arguments parse(const Words& words) { return parse_arguments(harbour(), mooring_command(), words); }

  void takes_options_anywhere_and_in_both_forms() {
    for (const auto& words : {Words{"--tide", "high", "ada", "--quiet", "--rope=a", "--rope", "b", "--json"},
                              Words{"ada", "--rope", "a", "--rope=b", "--json", "--tide=high", "--quiet"}}) {
      const auto arguments = parse(words);
      CPPUNIT_ASSERT_EQUAL(std::string("high"), arguments.value("--tide"));
      CPPUNIT_ASSERT((Words{"a", "b"}) == arguments.values("--rope"));
      CPPUNIT_ASSERT(arguments.has("--quiet") && arguments.json());
      CPPUNIT_ASSERT_EQUAL(std::string("ada"), arguments["SHIP"]);
      CPPUNIT_ASSERT(!arguments.has("--chart") && !arguments.maybe("--chart"));
      CPPUNIT_ASSERT_EQUAL(std::string(), arguments.value("--chart"));
    }
    // What looks like an option, and is none of this command, may be a value.
    CPPUNIT_ASSERT_EQUAL(std::string("-1"), parse({"ada", "--tide", "low", "--rope", "-1"}).value("--rope"));
  }

  void takes_everything_after_two_dashes_as_arguments() {
    const auto arguments = parse({"--tide", "low", "--", "--ada", "--quiet"});
    CPPUNIT_ASSERT_EQUAL(std::string("--ada"), arguments["SHIP"]);
    CPPUNIT_ASSERT(Words{"--quiet"} == arguments.all("BERTH"));
    CPPUNIT_ASSERT(!arguments.has("--quiet"));
  }

  void hands_out_arguments_by_name() {
    const auto arguments = parse({"--tide", "low", "ada", "1", "2", "3"});
    CPPUNIT_ASSERT((Words{"1", "2", "3"}) == arguments.all("BERTH"));
    CPPUNIT_ASSERT_EQUAL(std::string("1"), arguments["BERTH"]);
    CPPUNIT_ASSERT(parse({"--tide", "low", "ada"}).all("BERTH").empty());
  }

  void says_what_is_wrong_and_what_is_near() {
    const auto command = mooring_command();
    const std::pair<Words, std::string> cases[] = {
        {{"ada", "--tide", "hihg"}, "'--tide' is 'hihg'; expected high or low; did you mean 'high'?"},
        {{"ada", "--tied", "high"}, "unknown option '--tied'; did you mean '--tide'?"},
        {{"ada", "--zzzzzzzzz=1"}, "unknown option '--zzzzzzzzz'"},
        {{"ada", "-x"}, "unknown option '-x'"},
        {{"ada"}, "'berth assign' needs --tide TIDE"},
        {{"--tide", "high"}, "'berth assign' needs SHIP [BERTH...]"},
        {{"ada", "--tide"}, "'--tide' needs its TIDE"},
        {{"ada", "--tide="}, "'--tide' needs its TIDE"},
        {{"ada", "--rope", "--quiet", "--tide", "low"}, "'--rope' needs its ROPE"},
        {{"ada", "--tide", "high", "--tide", "low"}, "'--tide' was given twice"},
        {{"ada", "--quiet=yes"}, "'--quiet' takes no value"},
        {{"ada", "-c"}, "'--chart' needs its FILE"}};
    for (const auto& [words, sentence] : cases) CPPUNIT_ASSERT_EQUAL(sentence, usage_error(command, words));
    const Command sink = harbour().commands[2];
    CPPUNIT_ASSERT_EQUAL(std::string("'b' is one argument too many"), usage_error(sink, {"a", "b"}));
  }

  void offers_what_the_effect_brings() {
    const auto program = harbour();
    const auto& [changes, reads, destroys] =
        std::tie(program.commands[0], program.commands[1], program.commands[2]);
    CPPUNIT_ASSERT_EQUAL(std::string("none"), usage_error(changes, {"a", "--tide", "low", "--reason", "x"}));
    CPPUNIT_ASSERT_EQUAL(std::string("unknown option '--yes'; did you mean '--set'?"),
                         usage_error(changes, {"a", "--yes"}));
    CPPUNIT_ASSERT_EQUAL(std::string("unknown option '--reason'"), usage_error(reads, {"--reason", "x"}));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), usage_error(destroys, {"a", "--yes", "--reason", "x"}));
    CPPUNIT_ASSERT_EQUAL(std::string("unknown option '--json'"), usage_error(destroys, {"a", "--json"}));
  }

  void needs_nothing_for_help() {
    CPPUNIT_ASSERT(parse({"--help"}).has("--help"));
    CPPUNIT_ASSERT(parse({"-h"}).has("--help"));
  }

  void reads_numbers_within_bounds() {
    const auto number = [](const std::string& text) {
      return parse({"a", "--tide", "low", "--rope", text}).number("--rope", 1, 30);
    };
    CPPUNIT_ASSERT_EQUAL(std::int64_t{30}, *number("30"));
    for (const char* wrong : {"0", "31", "-1", "x", "1x", "1.5", "99999999999999999999"})
      CPPUNIT_ASSERT_THROW_MESSAGE(wrong, number(wrong), UsageError);
    CPPUNIT_ASSERT(!parse({"a", "--tide", "low"}).number("--rope", 1, 30));
  }

  void reads_moments() {
    const auto read = [](const std::string& text) {
      return *moment(parse({"a", "--tide", "low", "--rope", text}), "--rope");
    };
    CPPUNIT_ASSERT_EQUAL(std::string("2026-01-31T00:00:00Z"), to_rfc3339(read("2026-01-31")));
    CPPUNIT_ASSERT_EQUAL(std::string("2026-01-31T10:20:30Z"), to_rfc3339(read("2026-01-31T10:20:30Z")));
    CPPUNIT_ASSERT_EQUAL(std::string("2026-01-31T10:20:30Z"), shown(read("2026-01-31T10:20:30Z")));
    CPPUNIT_ASSERT_EQUAL(std::string("-"), shown(std::optional<Time>()));
    const auto ago = now() - read("12h");
    CPPUNIT_ASSERT(ago >= std::chrono::hours(12) && ago < std::chrono::hours(13));
    for (const char* wrong : {"yesterday", "7", "d", "-1d", "7w", "2026-13-01", "31.01.2026", "9999999999d"})
      CPPUNIT_ASSERT_THROW_MESSAGE(wrong, read(wrong), UsageError);
  }

  void takes_a_reason_of_one_line() {
    const auto reason = [](const std::string& text) {
      return origin_of(parse({"a", "--tide", "low", "--reason", text})).reason;
    };
    CPPUNIT_ASSERT_EQUAL(std::string("because"), *reason(" because "));
    CPPUNIT_ASSERT(!origin_of(parse({"a", "--tide", "low"})).reason);
    for (const auto& wrong :
         {std::string(" "), std::string(501, 'x'), std::string("a\nb"), std::string("\xff")})
      CPPUNIT_ASSERT_THROW(reason(wrong), UsageError);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ArgumentsTest);
