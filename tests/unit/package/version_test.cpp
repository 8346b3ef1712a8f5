// SPDX-License-Identifier: MIT
#include "libwharf/package/version.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "tests/unit/package/corpus.hpp"

using namespace wharf;

class VersionTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(VersionTest);
  CPPUNIT_TEST(reads_every_part);
  CPPUNIT_TEST(texts_go_both_ways);
  CPPUNIT_TEST(numbers_reach_two_to_the_64_less_one);
  CPPUNIT_TEST(refusals_say_why);
  CPPUNIT_TEST(a_published_version_is_shorter_and_is_not_an_archive_name);
  CPPUNIT_TEST(orders_prerelease_before_release);
  CPPUNIT_TEST(build_metadata_orders_texts_but_has_no_precedence);
  CPPUNIT_TEST(long_numeric_identifiers_are_numbers);
  CPPUNIT_TEST(accepts_every_valid_row);
  CPPUNIT_TEST(refuses_every_invalid_row);
  CPPUNIT_TEST(orders_every_precedence_row);
  CPPUNIT_TEST(orders_forty_thousand_real_versions);
  CPPUNIT_TEST_SUITE_END();

  static std::string refusal(std::string_view text, Version (*parse)(std::string_view) = parse_version) {
    try {
      parse(text);
    } catch (const Error& error) {
      CPPUNIT_ASSERT_EQUAL(std::string("version_invalid"), std::string(code_name(error.code())));
      return error.public_message();
    }
    return "accepted";
  }

 public:
  void reads_every_part() {
    const Version v = parse_version("1.20.300-rc.1+build.05");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, v.major());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{20}, v.minor());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{300}, v.patch());
    CPPUNIT_ASSERT_EQUAL(std::string("rc.1"), v.prerelease());
    CPPUNIT_ASSERT_EQUAL(std::string("build.05"), v.build());
    CPPUNIT_ASSERT_EQUAL(std::string("1.20.300-rc.1"), v.identity());
    CPPUNIT_ASSERT(v.is_prerelease());
    CPPUNIT_ASSERT(!parse_version("1.0.0+rc").is_prerelease());
  }
  void texts_go_both_ways() {
    for (const char* text : {"0.0.0", "1.2.3-a-b.0.x", "1.2.3+001", "1.0.0--", "1.2.3-x+y-z.1"})
      CPPUNIT_ASSERT_EQUAL(std::string(text), parse_version(text).text());
  }
  void numbers_reach_two_to_the_64_less_one() {
    const std::string most = "18446744073709551615";
    CPPUNIT_ASSERT_EQUAL(~std::uint64_t{0}, parse_version(most + "." + most + "." + most).patch());
    CPPUNIT_ASSERT_EQUAL(
        std::string("version '1.2.18446744073709551616' has more than 2^64-1 as its patch number"),
        refusal("1.2.18446744073709551616"));
  }
  void refusals_say_why() {
    const std::pair<std::string, std::string> rows[] = {
        {"", "version '' is empty; write 'major.minor.patch'"},
        {"1", "version '1' has one part; write 'major.minor.patch'"},
        {"1.2", "version '1.2' has two parts; write 'major.minor.patch'"},
        {"1.2.3.4", "version '1.2.3.4' has more than three parts; write 'major.minor.patch'"},
        {"v1.2.3", "version 'v1.2.3' begins with 'v'; leave it out"},
        {"1.", "version '1.' ends before its minor number"},
        {"1.2.x", "version '1.2.x' has 'x' where it should have its patch number"},
        {"1-a", "version '1-a' has '-' after its major number; write 'major.minor.patch'"},
        {"1.2-a", "version '1.2-a' has '-' after its minor number; write 'major.minor.patch'"},
        {"01.2.3", "version '01.2.3' has a leading zero in its major number"},
        {"1.2.3-", "version '1.2.3-' has an empty identifier in its prerelease"},
        {"1.2.3-a..b", "version '1.2.3-a..b' has an empty identifier in its prerelease"},
        {"1.2.3-a.", "version '1.2.3-a.' has an empty identifier in its prerelease"},
        {"1.2.3-a.01", "version '1.2.3-a.01' has a leading zero in its prerelease identifier '01'"},
        {"1.2.3+", "version '1.2.3+' has an empty identifier in its build metadata"},
        {"1.2.3+a+b", "version '1.2.3+a+b' has '+' where it should end"},
        {"1.2.3 ", "version '1.2.3 ' has ' ' where it should end"},
        {std::string("1.2.3\0", 6), "version '1.2.3\\x00' has '\\x00' where it should end"},
    };
    for (const auto& [text, sentence] : rows) {
      CPPUNIT_ASSERT_EQUAL(sentence, refusal(text));
      CPPUNIT_ASSERT_MESSAGE(text, !Version::from(text));
    }
    CPPUNIT_ASSERT(Version::from("1.2.3-" + std::string(k_version_bytes - 6, 'a')));
    CPPUNIT_ASSERT(
        refusal("1.2.3-" + std::string(k_version_bytes - 5, 'a')).ends_with(" is longer than 256 bytes"));
  }
  void a_published_version_is_shorter_and_is_not_an_archive_name() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("accepted"),
        refusal("1.2.3-" + std::string(k_publishable_version_bytes - 6, 'a'), parse_publishable_version));
    CPPUNIT_ASSERT(
        refusal("1.2.3-" + std::string(k_publishable_version_bytes - 5, 'a'), parse_publishable_version)
            .ends_with(" is longer than 128 bytes; shorten its prerelease or build metadata"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("version '1.2.3-a.tar.gz' ends in '.tar.gz', which stands for the archive; choose "
                    "another ending"),
        refusal("1.2.3-a.tar.gz", parse_publishable_version));
    CPPUNIT_ASSERT(Version::from("1.2.3-a.tar.gz"));
  }
  void orders_prerelease_before_release() {
    const char* ascending[] = {"0.9.9",         "1.0.0-0",       "1.0.0-2",    "1.0.0-11",
                               "1.0.0-alpha",   "1.0.0-alpha.1", "1.0.0-beta", "1.0.0-beta.2",
                               "1.0.0-beta.11", "1.0.0-rc.1",    "1.0.0",      "1.0.1-0"};
    for (std::size_t a = 0; a < std::size(ascending); ++a)
      for (std::size_t b = 0; b < std::size(ascending); ++b)
        CPPUNIT_ASSERT_MESSAGE(
            std::string(ascending[a]) + " and " + ascending[b],
            compare_precedence(parse_version(ascending[a]), parse_version(ascending[b])) == (a <=> b));
  }
  void build_metadata_orders_texts_but_has_no_precedence() {
    const Version plain = parse_version("1.0.0"), one = parse_version("1.0.0+1"),
                  two = parse_version("1.0.0+2");
    CPPUNIT_ASSERT(compare_precedence(one, two) == 0);
    CPPUNIT_ASSERT(plain < one && one < two && one != two);
    CPPUNIT_ASSERT_EQUAL(one.identity(), two.identity());
  }
  void long_numeric_identifiers_are_numbers() {
    CPPUNIT_ASSERT(parse_version("1.0.0-99999999999999999999") <
                   parse_version("1.0.0-100000000000000000000"));
    CPPUNIT_ASSERT(parse_version("1.0.0-100000000000000000000") < parse_version("1.0.0-0a"));
  }
  void accepts_every_valid_row() {
    const auto folder = test::semver_corpus();
    if (!folder) return;
    const auto rows = test::json_rows(*folder / "semver_valid.json");
    CPPUNIT_ASSERT_EQUAL(std::size_t{70}, rows.root().size());
    rows.root().each([](json::Value row) {
      const std::string text = test::column(row, 0), note = test::column(row, 1);
      // The one row with a note: a number above 2^64-1, which may be refused for that alone.
      const std::string expected =
          note == "ok" ? "accepted"
                       : "version " + wharf::quoted(text) + " has more than 2^64-1 as its major number";
      CPPUNIT_ASSERT_EQUAL_MESSAGE(text, expected, refusal(text));
      if (note == "ok") CPPUNIT_ASSERT_EQUAL(text, parse_version(text).text());
    });
  }
  void refuses_every_invalid_row() {
    const auto folder = test::semver_corpus();
    if (!folder) return;
    const auto rows = test::json_rows(*folder / "semver_invalid.json");
    CPPUNIT_ASSERT_EQUAL(std::size_t{84}, rows.root().size());
    rows.root().each([](json::Value row) {
      const std::string text = test::column(row, 0);
      // "accept or reject" stands at three rows whose numbers only another library finds too big.
      const bool valid = test::column(row, 1) != "must reject";
      CPPUNIT_ASSERT_MESSAGE(wharf::quoted(text), Version::from(text).has_value() == valid);
    });
  }
  void orders_every_precedence_row() {
    const auto folder = test::semver_corpus();
    if (!folder) return;
    const auto rows = test::json_rows(*folder / "semver_precedence.json");
    CPPUNIT_ASSERT_EQUAL(std::size_t{219}, rows.root().size());
    rows.root().each([](json::Value row) {
      std::optional<std::int64_t> sign;
      row.each([&](json::Value value) { sign = value.integer() ? value.integer() : sign; });
      const std::string a = test::column(row, 0), b = test::column(row, 1);
      const auto order = compare_precedence(parse_version(a), parse_version(b));
      CPPUNIT_ASSERT_MESSAGE(a + " and " + b, order == (sign.value() <=> std::int64_t{0}));
    });
  }
  // One line for each precedence, ascending; versions of the same one stand in the same line.
  void orders_forty_thousand_real_versions() {
    const auto folder = test::semver_corpus();
    if (!folder) return;
    std::vector<Version> expected, sorted;
    std::vector<std::size_t> line_of;
    const auto lines = test::text_lines(*folder / "crates_versions_precedence.txt");
    for (std::size_t i = 0; i < lines.size(); ++i)
      for (const auto text : split(lines[i], '\t')) {
        expected.push_back(parse_version(text));
        line_of.push_back(i);
      }
    for (const auto& text : test::text_lines(*folder / "crates_versions.txt"))
      sorted.push_back(parse_version(text));
    CPPUNIT_ASSERT_EQUAL(std::size_t{40114}, sorted.size());
    std::sort(sorted.begin(), sorted.end());
    CPPUNIT_ASSERT_EQUAL(expected.size(), sorted.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      CPPUNIT_ASSERT_EQUAL(expected[i].text(), sorted[i].text());
      if (i > 0)
        CPPUNIT_ASSERT_MESSAGE(sorted[i].text(), compare_precedence(sorted[i - 1], sorted[i]) ==
                                                     (line_of[i - 1] <=> line_of[i]));
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(VersionTest);
