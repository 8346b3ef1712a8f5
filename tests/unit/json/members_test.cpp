// SPDX-License-Identifier: MIT
#include "libwharf/json/members.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"
#include "libwharf/json/value.hpp"

using wharf::json::Members;

class MembersTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MembersTest);
  CPPUNIT_TEST(finds_members_of_each_kind);
  CPPUNIT_TEST(undoes_escapes_in_keys_and_values);
  CPPUNIT_TEST(looks_at_the_outer_object_alone);
  CPPUNIT_TEST(says_nothing_of_what_is_missing_or_of_another_kind);
  CPPUNIT_TEST(refuses_what_the_tree_reader_refuses);
  CPPUNIT_TEST_SUITE_END();

  void finds_members_of_each_kind() {
    const Members members(R"( {"name": "kit", "time": 1.5, "status": 200, "less": -3, "large": 1e2} )");
    CPPUNIT_ASSERT_EQUAL(std::string("kit"), *members.string("name"));
    CPPUNIT_ASSERT_EQUAL(1.5, *members.number("time"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{200}, *members.integer("status"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{-3}, *members.integer("less"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{100}, *members.integer("large"));
  }

  void undoes_escapes_in_keys_and_values() {
    const Members members(R"({"n\u0061me": "a\"b\\\u00e9\ud83d\ude00", "plain": ""})");
    CPPUNIT_ASSERT_EQUAL(std::string("a\"b\\\u00e9\U0001f600"), *members.string("name"));
    CPPUNIT_ASSERT_EQUAL(std::string(), *members.string("plain"));
  }

  void looks_at_the_outer_object_alone() {
    const Members members(R"({"a": {"name": "inner"}, "b": [{"name": 1}], "name": "outer"})");
    CPPUNIT_ASSERT_EQUAL(std::string("outer"), *members.string("name"));
    CPPUNIT_ASSERT(!members.string("a") && !members.number("b"));
  }

  void says_nothing_of_what_is_missing_or_of_another_kind() {
    const Members members(R"({"text": "1", "number": 1.5, "truth": true, "nothing": null})");
    CPPUNIT_ASSERT(!members.string("none") && !members.number("none") && !members.integer("none"));
    CPPUNIT_ASSERT(!members.number("text") && !members.string("number") && !members.integer("number"));
    CPPUNIT_ASSERT(!members.number("truth") && !members.string("nothing") && !members.number("nothing"));
  }

  void refuses_what_the_tree_reader_refuses() {
    for (const auto* text :
         {"", "{", "{}x", R"({"a":1,"a":2})", R"({"a":01})", R"({"a":"\u0000"})", "{\"a\":\"\xff\"}",
          R"({"a":tru})", R"({"a":1e999})", R"({"a" 1})", "\xef\xbb\xbf{}"}) {
      const auto refusal = [&](auto&& read) -> std::string {
        try {
          read();
        } catch (const wharf::Error& error) {
          return error.public_message();
        }
        return "taken";
      };
      CPPUNIT_ASSERT_EQUAL_MESSAGE(text, refusal([&] { wharf::json::parse(text); }),
                                   refusal([&] { Members{text}; }));
    }
    for (const auto* text : {"[]", "1", "\"a\"", "null"}) CPPUNIT_ASSERT_THROW(Members{text}, wharf::Error);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MembersTest);
