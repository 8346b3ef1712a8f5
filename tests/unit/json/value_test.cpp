// SPDX-License-Identifier: MIT
#include "libwharf/json/value.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <random>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

using namespace wharf;

namespace {

std::string complaint(std::string_view text) {
  try {
    (void)json::parse(text);
  } catch (const Error& error) {
    CPPUNIT_ASSERT(error.code() == Code::bad_request);
    return error.public_message();
  }
  return "";
}

std::string repeated(std::string_view piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

std::string canonical(std::string_view text) {
  return json::canonical(json::parse(text).root());
}

}  // namespace

class JsonValueTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(JsonValueTest);
  CPPUNIT_TEST(accepts_what_rfc_8259_allows);
  CPPUNIT_TEST(refuses_what_rfc_8259_does_not_allow);
  CPPUNIT_TEST(refuses_numbers_that_would_lose_their_value);
  CPPUNIT_TEST(refuses_duplicate_keys_at_every_level_and_however_they_are_spelled);
  CPPUNIT_TEST(finds_a_duplicate_among_thousands_of_keys);
  CPPUNIT_TEST(accepts_64_levels_and_refuses_65);
  CPPUNIT_TEST(says_at_which_byte_the_text_breaks);
  CPPUNIT_TEST(answers_for_the_kind_that_is_there_and_no_other);
  CPPUNIT_TEST(a_missing_value_answers_nothing);
  CPPUNIT_TEST(looks_keys_up_case_sensitively);
  CPPUNIT_TEST(undoes_every_escape);
  CPPUNIT_TEST(reads_a_text_that_no_nul_ends);
  CPPUNIT_TEST(visits_in_document_order);
  CPPUNIT_TEST(moves_documents);
  CPPUNIT_TEST(canonical_text_depends_on_the_content_alone);
  CPPUNIT_TEST(whatever_the_scanner_accepts_becomes_a_tree);
  CPPUNIT_TEST_SUITE_END();

 public:
  void accepts_what_rfc_8259_allows() {
    for (const char* good : {"null",
                             "true",
                             "false",
                             "0",
                             "-0",
                             "7",
                             "-12",
                             "0.5",
                             "-0.0",
                             "1e3",
                             "1E+3",
                             "2.5e-3",
                             "0e0",
                             "1e-400",
                             "1.7976931348623157e308",
                             "9007199254740992",
                             "-9007199254740992",
                             "123456789012345",
                             "\"\"",
                             "\"a\"",
                             "[]",
                             "{}",
                             " [ ] ",
                             "\t{\r\n}\n",
                             "[1,2]",
                             "[ 1 , [ ] , { } ]",
                             R"({"":0})",
                             R"({"a":{"a":{"a":1}}})",
                             R"([{"a":1},{"a":2}])",
                             R"("\"\\\/\b\f\n\r\t")",
                             R"("\u00e9\uABCD\uabcd")",
                             R"("\ud83d\ude00")",
                             R"("\uDBFF\uDFFF")",
                             "\"\x7f\"",
                             "\"\xc2\x80\"",
                             "\"\xdf\xbf\"",
                             "\"\xe0\xa0\x80\"",
                             "\"\xed\x9f\xbf\"",
                             "\"\xee\x80\x80\"",
                             "\"\xef\xbf\xbf\"",
                             "\"\xf0\x90\x80\x80\"",
                             "\"\xf4\x8f\xbf\xbf\"",
                             R"({"A":1,"a":2})",
                             "\"01234567\xc3\xa9 01234567 \\u00e9 01234567\"",
                             R"(["/", "//"])"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(good, std::string(), complaint(good));
  }

  void refuses_what_rfc_8259_does_not_allow() {
    for (const char* bad : {"",
                            " ",
                            "nul",
                            "nulll",
                            "True",
                            "tru",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "-",
                            "+1",
                            "01",
                            "-01",
                            "00",
                            "1.",
                            ".5",
                            "-.5",
                            "1.e3",
                            "1e",
                            "1e+",
                            "1E-",
                            "0x10",
                            "1_000",
                            "1a",
                            "--1",
                            "'a'",
                            "\"",
                            "\"a",
                            "\"\\\"",
                            "\"\\",
                            "\"\\u",
                            "\"\\u12",
                            "\"\\u123\"",
                            "\"\\u12g4\"",
                            "\"\\u+123\"",
                            "\"\\u 123\"",
                            "\"\\x41\"",
                            "\"\\a\"",
                            "\"\\'\"",
                            "\"\\0\"",
                            "\"\\U0041\"",
                            "\"\\u0000\"",
                            "\"\\ud800\"",
                            "\"\\ud800x\"",
                            "\"\\ud800\\n\"",
                            "\"\\ud800\\ud800\"",
                            "\"\\udc00\"",
                            "\"\\udc00\\ud800\"",
                            "\"\\ud800\\u0041\"",
                            "\"\t\"",
                            "\"a\nb\"",
                            "\"\x1f\"",
                            "\"12345678\x01\"",
                            "\"\x80\"",
                            "\"\xc0\xaf\"",
                            "\"\xc1\xbf\"",
                            "\"\xe0\x9f\xbf\"",
                            "\"\xed\xa0\x80\"",
                            "\"\xf0\x8f\xbf\xbf\"",
                            "\"\xf4\x90\x80\x80\"",
                            "\"\xf5\x80\x80\x80\"",
                            "\"\xe2\x82\"",
                            "\"\xf0\x9f\x98\"",
                            "\"\xc3\"",
                            "\"\xff\"",
                            "\xef\xbb\xbf{}",
                            "\xc2\xa0{}",
                            "\f{}",
                            "\v1",
                            "[",
                            "]",
                            "[1",
                            "[1,",
                            "[1,]",
                            "[,1]",
                            "[1 2]",
                            "[1}",
                            "[1,,2]",
                            "{",
                            "}",
                            "{,}",
                            "{\"a\"}",
                            "{\"a\":}",
                            "{\"a\":1,}",
                            "{\"a\":1",
                            "{\"a\" 1}",
                            "{\"a\":1 \"b\":2}",
                            "{a:1}",
                            "{1:1}",
                            "{null:1}",
                            "{\"a\":1]",
                            "{\"a\"::1}",
                            "{} {}",
                            "[] 1",
                            "1 1",
                            "null,",
                            "{}x",
                            "/* */ 1",
                            "// x\n1",
                            "1 // x",
                            "#\n1",
                            "[1,2",
                            "{\"a\":[}",
                            "\"a\" \"b\""})
      CPPUNIT_ASSERT_MESSAGE(bad, !complaint(bad).empty());
    CPPUNIT_ASSERT(!complaint(std::string_view("\"a\0b\"", 5)).empty());
    CPPUNIT_ASSERT(!complaint(std::string_view("1\0", 2)).empty());
    CPPUNIT_ASSERT(!complaint(std::string_view("\0", 1)).empty());
    CPPUNIT_ASSERT(!complaint(std::string_view("\"\\\0\"", 4)).empty());
  }

  void refuses_numbers_that_would_lose_their_value() {
    for (const char* bad : {"9007199254740993", "-9007199254740993", "18446744073709551616",
                            "100000000000000000000000000000000000000", "1e309", "-1e309", "1e99999999999",
                            "17976931348623157e308"})
      CPPUNIT_ASSERT_MESSAGE(bad, !complaint(bad).empty());
    CPPUNIT_ASSERT(!complaint("0." + std::string(62, '1')).empty());
    CPPUNIT_ASSERT(complaint("0." + std::string(61, '1')).empty());
    CPPUNIT_ASSERT(!complaint("1" + std::string(2000, '0')).empty());
  }

  void refuses_duplicate_keys_at_every_level_and_however_they_are_spelled() {
    for (const char* bad : {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"([{"x":{"a":1,"a":2}}])",
                            R"({"a":1,"\u0061":2})", R"({"\u00e9":1,"é":2})", R"({"":1,"":2})",
                            R"({"x":{"y":1,"z":{"q":1,"q":1}}})", R"({"a":{"b":1},"a":[]})"})
      CPPUNIT_ASSERT_MESSAGE(bad, complaint(bad).find("twice") != std::string::npos);
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "the JSON text is broken at byte 13: the key 'a' stands twice in one object; send it once"),
        complaint(R"({"a":1,"b":2,"a":3})"));
  }

  void finds_a_duplicate_among_thousands_of_keys() {
    std::string text = "{";
    for (int i = 0; i < 3000; ++i) text += "\"" + std::to_string(i * 7919 % 3000) + "\":{\"n\":1},";
    CPPUNIT_ASSERT_EQUAL(std::string(), complaint(text + "\"x\":1}"));
    CPPUNIT_ASSERT_EQUAL("the JSON text is broken at byte " + std::to_string(text.size()) +
                             ": the key '1234' stands twice in one object; send it once",
                         complaint(text + "\"1234\":1}"));
  }

  void accepts_64_levels_and_refuses_65() {
    CPPUNIT_ASSERT_EQUAL(std::string(), complaint(repeated("[", 64) + repeated("]", 64)));
    CPPUNIT_ASSERT_EQUAL(std::string(), complaint(repeated("{\"a\":", 64) + "1" + repeated("}", 64)));
    CPPUNIT_ASSERT(complaint(repeated("[", 65) + repeated("]", 65)).find("at byte 64: more than 64 levels") !=
                   std::string::npos);
    CPPUNIT_ASSERT(complaint(repeated("{\"a\":[", 33)).find("more than 64 levels") != std::string::npos);
    CPPUNIT_ASSERT(complaint(std::string(1000000, '[')).find("more than 64 levels") != std::string::npos);
  }

  void says_at_which_byte_the_text_breaks() {
    CPPUNIT_ASSERT_EQUAL(std::string("the JSON text is broken at byte 8: found 'x'; expected ',' or '}'"),
                         complaint("{\"a\": 1 x}"));
    CPPUNIT_ASSERT_EQUAL(std::string("the JSON text is broken at byte 3: the text ends; expected ',' or ']'"),
                         complaint("[1 "));
    CPPUNIT_ASSERT_EQUAL(std::string("the JSON text is broken at byte 12: a string is not UTF-8"),
                         complaint("\"0123456789a\xff\""));
    CPPUNIT_ASSERT_EQUAL(std::string("the JSON text is broken at byte 0: the text ends; expected a value"),
                         complaint(""));
  }

  void answers_for_the_kind_that_is_there_and_no_other() {
    const auto document = json::parse(
        R"({"s":"text","t":true,"f":false,"n":null,"i":-3,"d":0.5,"e":2e2,"a":[1,2],"o":{"x":1}})");
    const auto root = document.root();
    CPPUNIT_ASSERT(root.is_object() && root.kind() == json::Kind::object && root.size() == 9);
    CPPUNIT_ASSERT(root["s"].string() == "text" && root["s"].is_string() &&
                   root["s"].kind() == json::Kind::string);
    CPPUNIT_ASSERT(root["t"].boolean() == true && root["f"].boolean() == false &&
                   root["f"].kind() == json::Kind::boolean);
    CPPUNIT_ASSERT(root["n"] && root["n"].is_null() && root["n"].kind() == json::Kind::null);
    CPPUNIT_ASSERT(root["i"].integer() == -3 && root["i"].number() == -3.0 &&
                   root["i"].kind() == json::Kind::number);
    CPPUNIT_ASSERT(!root["d"].integer() && root["d"].number() == 0.5);
    CPPUNIT_ASSERT(root["e"].integer() == 200);
    CPPUNIT_ASSERT(root["a"].is_array() && root["a"].size() == 2 && root["a"].kind() == json::Kind::array);
    CPPUNIT_ASSERT(root["o"]["x"].integer() == 1);
    for (const char* key : {"t", "n", "i", "a", "o"}) CPPUNIT_ASSERT_MESSAGE(key, !root[key].string());
    for (const char* key : {"s", "n", "i", "a", "o"}) CPPUNIT_ASSERT_MESSAGE(key, !root[key].boolean());
    for (const char* key : {"s", "n", "t", "a", "o"})
      CPPUNIT_ASSERT_MESSAGE(key, !root[key].number() && !root[key].integer());
    CPPUNIT_ASSERT(!root["s"]["x"] && !root["a"]["x"] && root["s"].size() == 0);
    CPPUNIT_ASSERT(!json::parse("1e300").root().integer());
  }

  void a_missing_value_answers_nothing() {
    const json::Value missing;
    CPPUNIT_ASSERT(!missing && !missing.is_null() && !missing.is_string() && !missing.is_array() &&
                   !missing.is_object());
    CPPUNIT_ASSERT(!missing.string() && !missing.boolean() && !missing.integer() && !missing.number() &&
                   !missing["x"]["y"]);
    CPPUNIT_ASSERT(missing.kind() == json::Kind::null && missing.size() == 0);
    missing.each([](json::Value) { CPPUNIT_FAIL("nothing is there"); });
    missing.each_member([](std::string_view, json::Value) { CPPUNIT_FAIL("nothing is there"); });
    CPPUNIT_ASSERT_EQUAL(std::string("null"), json::canonical(missing));
  }

  void looks_keys_up_case_sensitively() {
    const auto document = json::parse(R"({"Name":1,"name":2,"":3})");
    CPPUNIT_ASSERT(document.root()["name"].integer() == 2);
    CPPUNIT_ASSERT(document.root()["Name"].integer() == 1);
    CPPUNIT_ASSERT(!document.root()["NAME"] && !document.root()["nam"] && !document.root()["names"]);
    CPPUNIT_ASSERT(document.root()[""].integer() == 3);
    CPPUNIT_ASSERT(document.root()[std::string_view("names").substr(0, 4)].integer() == 2);
    CPPUNIT_ASSERT(!document.root()[std::string_view("name\0", 5)]);
  }

  void undoes_every_escape() {
    CPPUNIT_ASSERT(json::parse(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00")").root().string() ==
                   "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    CPPUNIT_ASSERT(json::parse(R"({"\u0061\u00e9\u20ac\ud83d\ude00\n\b\f\r\t\/":1})")
                       .root()["a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n\b\f\r\t/"]);
  }

  void reads_a_text_that_no_nul_ends() {
    const std::string around = "[1,[2],\"x\"]garbage";
    CPPUNIT_ASSERT(json::parse(std::string_view(around).substr(0, 11)).root().size() == 3);
    // On the heap and exactly as long as the text, so that the address sanitizer sees a byte read too many.
    for (const std::string text :
         {"1", "true", "null", "\"a\"", "[]", "{}", "[1e2]", "{\"k\":\"\\u00e9\"}"}) {
      const std::vector<char> exact(text.begin(), text.end());
      CPPUNIT_ASSERT_MESSAGE(text, json::parse(std::string_view(exact.data(), exact.size())).root());
    }
  }

  void visits_in_document_order() {
    std::string seen;
    const auto document = json::parse(R"({"b":[3,1,2],"a":0})");
    document.root().each_member([&](std::string_view key, json::Value value) {
      seen += std::string(key) + json::canonical(value) + ";";
    });
    document.root()["b"].each([&](json::Value value) { seen += std::to_string(*value.integer()); });
    document.root().each([&](json::Value value) { seen += value.is_array() ? "A" : "N"; });
    document.root()["b"].each_member([&](std::string_view, json::Value) { seen += "never"; });
    document.root()["a"].each([&](json::Value) { seen += "never"; });
    CPPUNIT_ASSERT_EQUAL(std::string("b[3,1,2];a0;312AN"), seen);
  }

  void moves_documents() {
    auto first = json::parse("[1]");
    auto second = std::move(first);
    first = json::parse("[1,2]");
    CPPUNIT_ASSERT(second.root().size() == 1 && first.root().size() == 2);
    first = std::move(second);
    CPPUNIT_ASSERT(first.root().size() == 1);
  }

  void canonical_text_depends_on_the_content_alone() {
    CPPUNIT_ASSERT_EQUAL(
        std::string(R"({"":[],"A":{},"a":[true,false,null],"b":{"x":1,"y":"/"},"é":"\"\\\n\u0001é"})"),
        canonical(
            R"( {"b" : {"y":"\/","x":1.0}, "a":[true , false,null],"\u00e9":"\"\\\u000a\u0001\u00e9", "A":{}, "":[ ]} )"));
    CPPUNIT_ASSERT_EQUAL(std::string("[0,0,0.1,1e+300,-5,200,9007199254740992,1.5e-07,0.3333333333333333]"),
                         canonical("[0,-0,0.10,1e300,-5.0,2E2,9007199254740992,15e-8,0.33333333333333331]"));
  }

  // Mutants of a document with everything in it: parse() answers with a tree or with bad_request, never with
  // a fault of ours (cJSON refusing what the scanner lets pass), and the canonical text of a tree is a fixed
  // point.
  void whatever_the_scanner_accepts_becomes_a_tree() {
    const std::string seed =
        R"({"name":"lib","n":[0,-1,2.5e3,1E-7],"deep":[[{"a":{"b":[]}}]],"t":true,"f":false,"x":null,"u":"\u00e9\ud83d\ude00\n\/é"})";
    const std::string_view pieces[] = {"\"",      "\\",
                                       "{",       "}",
                                       "[",       "]",
                                       ",",       ":",
                                       "0",       "9",
                                       "-",       ".",
                                       "e",       "\\u",
                                       "\\ud83d", "\\ude00",
                                       " ",       "\xc3",
                                       "\xa9",    "\n",
                                       "true",    "null",
                                       "\"a\":",  std::string_view("\0", 1),
                                       "\xff",    "999999999999999999"};
    std::mt19937 random(20260120);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    int accepted = 0, refused = 0;
    for (int round = 0; round < 60000; ++round) {
      std::string text = seed;
      for (std::size_t edits = 1 + below(3); edits > 0 && !text.empty(); --edits) {
        const std::size_t at = below(text.size());
        switch (below(4)) {
          case 0:
            text.erase(at, 1 + below(4));
            break;
          case 1:
            text.insert(at, pieces[below(std::size(pieces))]);
            break;
          case 2:
            text.replace(at, 1, pieces[below(std::size(pieces))]);
            break;
          default:
            text.insert(at, text.substr(below(text.size()), below(12)));
            break;
        }
      }
      const std::vector<char> exact(text.begin(), text.end());
      try {
        const std::string once = canonical(std::string_view(exact.data(), exact.size()));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(text, once, canonical(once));
        ++accepted;
      } catch (const Error& error) {
        CPPUNIT_ASSERT_MESSAGE(text + ": " + error.detail(), error.code() == Code::bad_request);
        ++refused;
      }
    }
    CPPUNIT_ASSERT(accepted > 1000 && refused > 1000);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(JsonValueTest);
