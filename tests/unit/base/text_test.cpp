// SPDX-License-Identifier: MIT
#include "libwharf/base/text.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/time.hpp"

using namespace wharf;

class TextTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TextTest);
  CPPUNIT_TEST(accepts_utf8_and_nothing_that_only_looks_like_it);
  CPPUNIT_TEST(globs_match_runs_of_any_length);
  CPPUNIT_TEST(numbers_have_no_sign_no_leading_zero_and_fit);
  CPPUNIT_TEST(quotes_what_a_terminal_should_not_see);
  CPPUNIT_TEST(hex_goes_both_ways);
  CPPUNIT_TEST(times_go_both_ways);
  CPPUNIT_TEST_SUITE_END();

 public:
  void accepts_utf8_and_nothing_that_only_looks_like_it() {
    CPPUNIT_ASSERT(is_utf8("plain, größer, 日本, \xf0\x9f\x98\x80"));
    for (const std::string bad :
         {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xe2\x82", "\xf8\x88\x80\x80\x80"})
      CPPUNIT_ASSERT_MESSAGE(to_hex(bad), !is_utf8(bad));
  }
  void globs_match_runs_of_any_length() {
    CPPUNIT_ASSERT(matches_glob("mylib-*", "mylib-core"));
    CPPUNIT_ASSERT(matches_glob("*", ""));
    CPPUNIT_ASSERT(matches_glob("a*b*c", "aXbYbc"));
    CPPUNIT_ASSERT(!matches_glob("mylib-*", "mylib"));
    CPPUNIT_ASSERT(!matches_glob("a*c", "acd"));
  }
  void numbers_have_no_sign_no_leading_zero_and_fit() {
    CPPUNIT_ASSERT(parse_number("18446744073709551615") == 18446744073709551615ull);
    for (const char* bad : {"", "-1", "+1", "01", "1 ", "18446744073709551616", "x"})
      CPPUNIT_ASSERT_MESSAGE(bad, !parse_number(bad));
  }
  void quotes_what_a_terminal_should_not_see() {
    CPPUNIT_ASSERT_EQUAL(std::string("'a\\x1b[0m\\xff'"), quoted("a\x1b[0m\xff"));
    CPPUNIT_ASSERT(quoted(std::string(500, 'x')).size() < 100);
  }
  void hex_goes_both_ways() {
    CPPUNIT_ASSERT_EQUAL(std::string("00ff10"), to_hex(std::string("\x00\xff\x10", 3)));
    CPPUNIT_ASSERT(from_hex("00ff10") == std::string("\x00\xff\x10", 3));
    for (const char* bad : {"0", "0G", "FF"}) CPPUNIT_ASSERT_MESSAGE(bad, !from_hex(bad));
  }
  void times_go_both_ways() {
    const auto time = from_rfc3339("2026-01-31T10:00:00Z");
    CPPUNIT_ASSERT(time.has_value());
    CPPUNIT_ASSERT_EQUAL(std::string("2026-01-31T10:00:00Z"), to_rfc3339(*time));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1769853600250},
                         unix_milliseconds(*from_rfc3339("2026-01-31T10:00:00.25Z")));
    for (const char* bad :
         {"2026-02-30T10:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31 10:00:00Z", "2026-01-31T10:00:00"})
      CPPUNIT_ASSERT_MESSAGE(bad, !from_rfc3339(bad));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(TextTest);
