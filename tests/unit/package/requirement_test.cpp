// SPDX-License-Identifier: MIT
#include "libwharf/package/requirement.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"
#include "libwharf/package/comparator.hpp"

using namespace wharf;

class RequirementTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RequirementTest);
  CPPUNIT_TEST(a_bare_version_means_what_the_dialect_says);
  CPPUNIT_TEST(each_operator_has_its_range);
  CPPUNIT_TEST(ranges_end_where_numbers_end);
  CPPUNIT_TEST(a_comma_means_and);
  CPPUNIT_TEST(prereleases_match_only_where_named);
  CPPUNIT_TEST(build_metadata_is_ignored);
  CPPUNIT_TEST(refusals_say_why);
  CPPUNIT_TEST(portable_text_has_three_parts);
  CPPUNIT_TEST(portable_text_keeps_its_meaning_for_prereleases);
  CPPUNIT_TEST(portable_text_keeps_the_meaning_of_every_mixture);
  CPPUNIT_TEST_SUITE_END();

  static bool matches(std::string_view requirement, std::string_view version, Bare bare = Bare::caret) {
    return parse_requirement(requirement, bare).matches(parse_version(version));
  }
  static std::string portable(std::string_view requirement, Bare bare = Bare::caret) {
    return parse_requirement(requirement, bare).portable_text();
  }
  static std::string refusal(std::string_view text) {
    try {
      parse_requirement(text);
    } catch (const Error& error) {
      CPPUNIT_ASSERT_EQUAL(std::string("requirement_invalid"), std::string(code_name(error.code())));
      return error.public_message();
    }
    return "accepted";
  }
  static std::string range(std::string_view text) {
    const auto [first, last] = parse_requirement(text).releases();
    if (last < first) return "none";
    const auto part = [](std::uint64_t n) {
      return n == ~std::uint64_t{0} ? std::string("M") : std::to_string(n);
    };
    const auto show = [&](const Triple& t) {
      return part(t.major) + "." + part(t.minor) + "." + part(t.patch);
    };
    return show(first) + " to " + show(last);
  }

 public:
  void a_bare_version_means_what_the_dialect_says() {
    CPPUNIT_ASSERT(matches("1.2.3", "1.9.0"));
    CPPUNIT_ASSERT(!matches("1.2.3", "1.9.0", Bare::exact));
    CPPUNIT_ASSERT(matches("1.2.3", "1.2.3", Bare::exact));
    CPPUNIT_ASSERT(matches("1.2", "1.2.9", Bare::exact));
    CPPUNIT_ASSERT(!matches("1.2", "1.3.0", Bare::exact));
    CPPUNIT_ASSERT(matches("^1.2.3", "1.9.0", Bare::exact));
    CPPUNIT_ASSERT(matches("1.*", "1.9.0", Bare::exact));
    CPPUNIT_ASSERT_EQUAL(std::string("=1.2.3, =1.2"), parse_requirement("1.2.3,1.2", Bare::exact).text());
    CPPUNIT_ASSERT_EQUAL(std::string("^1.2.3, ^1.2"), parse_requirement("1.2.3,1.2").text());
  }
  void each_operator_has_its_range() {
    const std::pair<const char*, const char*> rows[] = {
        {"*", "0.0.0 to M.M.M"},        {"=1.2.3", "1.2.3 to 1.2.3"},    {"=1.2", "1.2.0 to 1.2.M"},
        {"=1", "1.0.0 to 1.M.M"},       {">1.2.3", "1.2.4 to M.M.M"},    {">1.2", "1.3.0 to M.M.M"},
        {">1", "2.0.0 to M.M.M"},       {">=1.2", "1.2.0 to M.M.M"},     {"<1.2.3", "0.0.0 to 1.2.2"},
        {"<1.2", "0.0.0 to 1.1.M"},     {"<1", "0.0.0 to 0.M.M"},        {"<0", "none"},
        {"<=1.2.3", "0.0.0 to 1.2.3"},  {"<=1.2", "0.0.0 to 1.2.M"},     {"<=1", "0.0.0 to 1.M.M"},
        {"~1.2.3", "1.2.3 to 1.2.M"},   {"~1.2", "1.2.0 to 1.2.M"},      {"~1", "1.0.0 to 1.M.M"},
        {"^1.2.3", "1.2.3 to 1.M.M"},   {"^1.2", "1.2.0 to 1.M.M"},      {"^1", "1.0.0 to 1.M.M"},
        {"^0.2.3", "0.2.3 to 0.2.M"},   {"^0.2", "0.2.0 to 0.2.M"},      {"^0", "0.0.0 to 0.M.M"},
        {"^0.0.3", "0.0.3 to 0.0.3"},   {"^0.0", "0.0.0 to 0.0.M"},      {"1.*", "1.0.0 to 1.M.M"},
        {"1.2.x", "1.2.0 to 1.2.M"},    {"1.X.X", "1.0.0 to 1.M.M"},     {">=1.*", "1.0.0 to M.M.M"},
        {"=1.2.3-a", "none"},           {">1.2.3-a", "1.2.3 to M.M.M"},  {">=1.2.3-a", "1.2.3 to M.M.M"},
        {"<1.2.3-a", "0.0.0 to 1.2.2"}, {"<=1.2.3-a", "0.0.0 to 1.2.2"}, {"~1.2.3-a", "1.2.3 to 1.2.M"},
        {"^0.0.3-a", "0.0.3 to 0.0.3"}, {">1, <3", "2.0.0 to 2.M.M"},    {">3, <1", "none"},
    };
    for (const auto& [text, expected] : rows)
      CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(expected), range(text));
  }
  void ranges_end_where_numbers_end() {
    const std::string m = "18446744073709551615";
    CPPUNIT_ASSERT_EQUAL(std::string("none"), range(">" + m));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), range(">" + m + "." + m + "." + m));
    CPPUNIT_ASSERT_EQUAL(std::string("0.0.0 to M.M.M"), range("<=" + m));
    CPPUNIT_ASSERT_EQUAL(std::string("M.0.0 to M.M.M"), range("^" + m));
    CPPUNIT_ASSERT_EQUAL(std::string("2.0.0 to M.M.M"), range(">1." + m + "." + m));
    CPPUNIT_ASSERT_EQUAL(std::string("1.3.0 to M.M.M"), range(">1.2." + m));
    CPPUNIT_ASSERT_EQUAL(std::string(">=1." + m + ".0, <2.0.0"), portable("=1." + m));
    CPPUNIT_ASSERT_EQUAL(std::string(">=" + m + ".0.0"), portable("=" + m));
    CPPUNIT_ASSERT_EQUAL(std::string("<0.0.0"), portable(">" + m));
    CPPUNIT_ASSERT_EQUAL(std::string(">=0.0.0"), portable("<=" + m));
  }
  void a_comma_means_and() {
    CPPUNIT_ASSERT(matches(">=1.2.0, <1.5.0", "1.4.9"));
    CPPUNIT_ASSERT(!matches(">=1.2.0, <1.5.0", "1.5.0"));
    CPPUNIT_ASSERT(!matches(">=1.2.0,<1.5.0", "9.9.9"));
    CPPUNIT_ASSERT_EQUAL(std::string(">=1.2.0, <1.5.0"), parse_requirement(" >= 1.2.0 ,<  1.5.0 ").text());
  }
  void prereleases_match_only_where_named() {
    CPPUNIT_ASSERT(!matches("*", "1.0.0-rc.1"));
    CPPUNIT_ASSERT(!matches("^1.0.0", "1.1.0-rc.1"));
    CPPUNIT_ASSERT(!matches(">=1.0.0-rc.1", "1.1.0-rc.1"));
    CPPUNIT_ASSERT(matches(">=1.0.0-rc.1", "1.0.0-rc.2"));
    CPPUNIT_ASSERT(!matches(">=1.0.0-rc.1", "1.0.0-beta"));
    CPPUNIT_ASSERT(matches("<2.0.0, >=1.0.0-rc.1", "1.0.0-rc.2"));
    CPPUNIT_ASSERT(!matches("=1, >=1.0.0-rc.1", "1.0.0-rc.2"));
    CPPUNIT_ASSERT(matches("=1.0.0-rc.1", "1.0.0-rc.1+build"));
    CPPUNIT_ASSERT(!matches("=1.0.0-rc.1", "1.0.0"));
  }
  void build_metadata_is_ignored() {
    CPPUNIT_ASSERT(matches("=1.0.0+abc", "1.0.0+def"));
    CPPUNIT_ASSERT(!matches(">1.0.0", "1.0.0+def"));
    CPPUNIT_ASSERT_EQUAL(std::string("=1.0.0"), parse_requirement("=1.0.0+abc").text());
  }
  void refusals_say_why() {
    const std::pair<std::string, std::string> rows[] = {
        {"", "requirement '' is empty; write '*' for any version"},
        {"  ", "requirement '  ' is empty; write '*' for any version"},
        {"1.2.3,", "requirement '1.2.3,' ends with a comma"},
        {"1.2.3 - 2.0.0", "requirement '1.2.3 - 2.0.0' has '-' where a comma or the end was expected"},
        {"1.0 || 2.0",
         "requirement '1.0 || 2.0' has '||'; alternatives are not known here, write one range, as '>=1.2.0, "
         "<3.0.0'"},
        {"*, 1", "requirement '*, 1' has '*' beside other comparators; '*' stands alone"},
        {"1, *", "requirement '1, *' has '*' beside other comparators; '*' stands alone"},
        {"*.1", "requirement '*.1' has something after its wildcard; leave it out"},
        {"1.*.3", "requirement '1.*.3' has a part after a wildcard; leave out what follows the '*'"},
        {">=", "requirement '>=' ends before its major number"},
        {"latest", "requirement 'latest' has 'l' where it should have its major number"},
        {"01", "requirement '01' has a leading zero in its major number"},
        {"1.2.3-", "requirement '1.2.3-' has an empty identifier in its prerelease"},
        {"1.2.3+", "requirement '1.2.3+' has an empty identifier in its build metadata"},
        {"1.2-rc", "requirement '1.2-rc' has '-' where a comma or the end was expected"},
    };
    for (const auto& [text, sentence] : rows) {
      CPPUNIT_ASSERT_EQUAL(sentence, refusal(text));
      CPPUNIT_ASSERT_MESSAGE(text, !Requirement::from(text));
    }
    std::string many = ">1";
    for (int i = 1; i < 32; ++i) many += ",>1";
    CPPUNIT_ASSERT_EQUAL(std::string("accepted"), refusal(many));
    CPPUNIT_ASSERT(refusal(many + ",>1").ends_with(" has more than 32 comparators"));
    CPPUNIT_ASSERT_EQUAL(std::string("accepted"), refusal("1" + std::string(255, ' ')));
    CPPUNIT_ASSERT(refusal("1" + std::string(256, ' ')).ends_with(" is longer than 256 bytes"));
  }
  void portable_text_has_three_parts() {
    const std::pair<const char*, const char*> rows[] = {
        {"*", ">=0.0.0"},
        {"1.2.3", "^1.2.3"},
        {"1.2", "^1.2.0"},
        {"1", "^1.0.0"},
        {"0", ">=0.0.0, <1.0.0"},
        {"0.2", "^0.2.0"},
        {"0.0", ">=0.0.0, <0.1.0"},
        {"0.0.3", "^0.0.3"},
        {"~1.2.3", "~1.2.3"},
        {"~1.2", "~1.2.0"},
        {"~1", ">=1.0.0, <2.0.0"},
        {"=1.0.0", "=1.0.0"},
        {"=1.2", ">=1.2.0, <1.3.0"},
        {"1.2.*", ">=1.2.0, <1.3.0"},
        {"1.*", ">=1.0.0, <2.0.0"},
        {">1.2", ">=1.3.0"},
        {">=1.2", ">=1.2.0"},
        {"<1.2", "<1.2.0"},
        {"<=1.2", "<1.3.0"},
        {"<=1", "<2.0.0"},
        {"<0", "<0.0.0"},
        {">=1, <3", ">=1.0.0, <3.0.0"},
        {">=1.0.0-rc.1, <2", ">=1.0.0-rc.1, <2.0.0"},
    };
    for (const auto& [text, expected] : rows)
      CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(expected), portable(text));
    CPPUNIT_ASSERT_EQUAL(std::string("=1.2.3"), portable("1.2.3", Bare::exact));
    CPPUNIT_ASSERT_EQUAL(std::string(">=1.2.0, <1.3.0"), portable("1.2", Bare::exact));
  }
  void portable_text_keeps_its_meaning_for_prereleases() {
    const std::pair<const char*, const char*> rows[] = {
        {">1, <=2.0.0-rc.1", ">=2.0.0-0, <=2.0.0-rc.1"},  {"^1.2, <1.2.0-rc.1", "^1.2.0-0, <1.2.0-rc.1"},
        {"^0.2, >=0.2.0-a", "^0.2.0-0, >=0.2.0-a"},       {"^0, >=0.0.0-a", ">=0.0.0-0, <1.0.0, >=0.0.0-a"},
        {"=1, >=1.5.0-rc.1", ">=1.0.0, <2.0.0, >=1.5.0"}, {"=1, >1.5.0-rc.1", ">=1.0.0, <2.0.0, >=1.5.0"},
        {"=1, <=1.5.0-rc.1", ">=1.0.0, <2.0.0, <1.5.0"},  {"=1, =1.5.0-rc.1", ">=1.0.0, <2.0.0, <0.0.0"},
        {"~1.2, ^1.2.3-rc.1", "~1.2.0, ^1.2.3"},          {"<1.3, >=1.3.0-rc.1", "<1.3.0, >=1.3.0"},
    };
    for (const auto& [text, expected] : rows)
      CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(expected), portable(text));
  }
  // Every pair of comparators around one place, against every version there.
  void portable_text_keeps_the_meaning_of_every_mixture() {
    std::vector<Version> versions;
    for (const char* numbers : {"0.0.0", "0.0.1", "0.0.2", "0.1.0", "0.1.1", "0.2.0", "1.0.0", "1.0.1",
                                "1.1.0", "1.1.1", "1.2.0", "2.0.0", "2.0.1", "2.1.0", "3.0.0"})
      for (const char* rest : {"-0", "-0.a", "-a", "-b.1", ""})
        versions.push_back(parse_version(std::string(numbers) + rest));
    std::vector<std::string> comparators;
    for (const char* sign : {"=", ">", ">=", "<", "<=", "~", "^"})
      for (const char* numbers : {"0", "1", "0.0", "0.1", "1.0", "1.1", "0.0.0", "0.0.0-a", "0.0.1-a",
                                  "0.1.0-a", "1.0.0-a", "1.0.0", "1.1.0-a", "1.1.1-a", "2.0.0-a", "1.1.1"})
        comparators.push_back(std::string(sign) + numbers);
    std::size_t compared = 0, matched = 0;
    for (const auto& one : comparators)
      for (const auto& other : comparators) {
        const auto written = parse_requirement(one + ", " + other);
        const auto rewritten = parse_requirement(written.portable_text());
        for (const auto& c : rewritten.comparators()) CPPUNIT_ASSERT_MESSAGE(written.text(), c.patch);
        CPPUNIT_ASSERT_EQUAL(written.portable_text(), rewritten.portable_text());
        for (const auto& version : versions) {
          const bool expected = written.matches(version);
          if (expected != rewritten.matches(version))
            CPPUNIT_FAIL(written.text() + " became " + rewritten.text() + ", which differs about " +
                         version.text());
          ++compared;
          matched += expected;
        }
      }
    CPPUNIT_ASSERT_EQUAL(std::size_t{112 * 112 * 75}, compared);
    CPPUNIT_ASSERT(matched > 10000);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RequirementTest);
