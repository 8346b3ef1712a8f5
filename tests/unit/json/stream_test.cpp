// SPDX-License-Identifier: MIT
#include "libwharf/json/stream.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"

using namespace wharf;

namespace {

struct Outcome {
  std::string taken, rest, complaint;
  bool found = false;
  Code code = Code::internal_error;
  bool operator==(const Outcome&) const = default;
};

// Feeds the pieces that `cuts` makes of the text, each from memory of its own.
Outcome extract(std::string_view text, const std::vector<std::size_t>& cuts = {}, std::size_t limit = 4096,
                std::string field = "tarball") {
  Outcome outcome;
  json::FieldExtractor extractor(
      std::move(field), [&](std::string_view piece) { outcome.taken += piece; }, limit);
  try {
    std::size_t begin = 0;
    const auto feed = [&](std::size_t end) {
      const std::vector<char> piece(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                    text.begin() + static_cast<std::ptrdiff_t>(end));
      extractor.feed(std::string_view(piece.data(), piece.size()));
      begin = end;
    };
    for (const std::size_t cut : cuts) feed(cut);
    feed(text.size());
    outcome.rest = json::canonical(extractor.finish().root());
  } catch (const Error& error) {
    outcome.code = error.code();
    outcome.complaint = error.public_message();
    outcome.taken.clear();
  }
  outcome.found = extractor.found();
  return outcome;
}

std::vector<std::size_t> at_every_byte(std::string_view text) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 0; i <= text.size(); ++i) cuts.push_back(i);
  return cuts;
}

void expect_taken(std::string_view text, std::string_view taken, std::string_view rest) {
  const auto outcome = extract(text);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(text), std::string(), outcome.complaint);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(text), std::string(taken), outcome.taken);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(text), std::string(rest), outcome.rest);
  CPPUNIT_ASSERT_MESSAGE(std::string(text), outcome.found);
}

}  // namespace

class FieldExtractorTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(FieldExtractorTest);
  CPPUNIT_TEST(takes_the_field_wherever_it_stands);
  CPPUNIT_TEST(recognises_the_key_however_it_is_spelled);
  CPPUNIT_TEST(undoes_the_escapes_of_the_content);
  CPPUNIT_TEST(leaves_fields_of_the_same_name_elsewhere);
  CPPUNIT_TEST(keeps_a_field_that_is_not_a_string);
  CPPUNIT_TEST(takes_the_field_once);
  CPPUNIT_TEST(splits_at_any_place_make_no_difference);
  CPPUNIT_TEST(refuses_broken_texts_and_says_where);
  CPPUNIT_TEST(refuses_content_that_is_no_json_string);
  CPPUNIT_TEST(the_limit_counts_what_is_kept_alone);
  CPPUNIT_TEST(hands_on_large_content_in_portions);
  CPPUNIT_TEST_SUITE_END();

 public:
  void takes_the_field_wherever_it_stands() {
    expect_taken(R"({"tarball":"QUJD"})", "QUJD", R"({"tarball":""})");
    expect_taken(R"({"tarball":"QUJD","name":"x"})", "QUJD", R"({"name":"x","tarball":""})");
    expect_taken(R"({"name":"x","deps":{"a":["1",{"b":"2"}]},"tarball":"QUJD","v":[1,"2"]})", "QUJD",
                 R"({"deps":{"a":["1",{"b":"2"}]},"name":"x","tarball":"","v":[1,"2"]})");
    expect_taken(" {\n \"name\" : \"x\" ,\t\"tarball\" :\r\n \"QUJD\" } ", "QUJD",
                 R"({"name":"x","tarball":""})");
    expect_taken(R"({"tarball":""})", "", R"({"tarball":""})");
    expect_taken(R"({"name":"\"}],{[:\\","tarball":"QUJD"})", "QUJD",
                 R"({"name":"\"}],{[:\\","tarball":""})");
  }
  void recognises_the_key_however_it_is_spelled() {
    expect_taken(R"({"t\u0061rball":"QUJD"})", "QUJD", R"({"tarball":""})");
    expect_taken(R"({"\u0074\u0061\u0072\u0062\u0061\u006c\u006C":"QUJD"})", "QUJD", R"({"tarball":""})");
    CPPUNIT_ASSERT(
        !extract(R"({"Tarball":"QUJD","tarbal":"1","tarballs":"2","t\u0041rball":"3","\"tarball":"4"})")
             .found);
    CPPUNIT_ASSERT_EQUAL(std::string("1"), extract(R"({"\u00e9\"":"1"})", {}, 100, "\xc3\xa9\"").taken);
  }
  void undoes_the_escapes_of_the_content() {
    expect_taken(R"({"tarball":"a\/b\u002f\/\u002Bc"})", "a/b//+c", R"({"tarball":""})");
    expect_taken(R"({"tarball":"\"\\\b\f\n\r\t\u00e9\ud83d\uDE00é😀"})", "\"\\\b\f\n\r\té😀é😀",
                 R"({"tarball":""})");
  }
  void leaves_fields_of_the_same_name_elsewhere() {
    const std::string text = R"({"a":{"tarball":"1"},"b":[{"tarball":"2"}],"c":"tarball"})";
    CPPUNIT_ASSERT_EQUAL(text, extract(text).rest);
    CPPUNIT_ASSERT(!extract(text).found);
    expect_taken(R"({"a":{"tarball":"1"},"tarball":"2"})", "2", R"({"a":{"tarball":"1"},"tarball":""})");
  }
  void keeps_a_field_that_is_not_a_string() {
    for (const std::string text : {R"({"tarball":null})", R"({"tarball":12})", R"({"tarball":["QUJD"]})",
                                   R"({"tarball":{"tarball":"x"},"z":"y"})", R"({})"}) {
      CPPUNIT_ASSERT_EQUAL(text, extract(text).rest);
      CPPUNIT_ASSERT(!extract(text).found && extract(text).taken.empty());
    }
  }
  void takes_the_field_once() {
    for (const std::string text :
         {R"({"tarball":"1","tarball":"2"})", R"({"tarball":"1","t\u0061rball":"2"})",
          R"({"tarball":null,"tarball":"2"})", R"({"tarball":"1","tarball":null})",
          R"({"tarball":"1"}{"tarball":"2"})"}) {
      const auto outcome = extract(text);
      CPPUNIT_ASSERT_MESSAGE(text, outcome.code == Code::bad_request && !outcome.complaint.empty());
    }
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "the JSON text is broken at byte 19: the key 'tarball' stands twice in one object; send it once"),
        extract(R"({"tarball":"12345",)"
                R"("tarball":"2"})")
            .complaint);
  }
  void splits_at_any_place_make_no_difference() {
    const std::string texts[] = {
        R"({"n":"\"x\\","t\u0061rball":"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo\/\u002f\ud83d\ude00é\\==","d":{"tarball":[1]},"e":0.5} )",
        R"({"tarball":"QU\ud83dJD"})",
        R"({"tarball":"QUJD)",
        R"({"tarball":"QUJD"]})",
        R"({"tarball":"A","n":1,"tarball":"B"})",
        "{\"tarball\":\"A\xe2\x82\"}"};
    for (const std::string& text : texts) {
      const auto whole = extract(text);
      CPPUNIT_ASSERT(whole == extract(text, at_every_byte(text)));
      for (std::size_t i = 0; i <= text.size(); ++i)
        for (std::size_t j = i; j <= text.size(); j += 3) CPPUNIT_ASSERT(whole == extract(text, {i, j}));
    }
    CPPUNIT_ASSERT_EQUAL(std::string("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo//😀é\\=="), extract(texts[0]).taken);
  }
  void refuses_broken_texts_and_says_where() {
    for (const std::string text : {"",
                                   " ",
                                   "[]",
                                   "[\"tarball\",\"x\"]",
                                   "\"tarball\"",
                                   "1",
                                   "{",
                                   "{\"tarball\"",
                                   "{\"tarball\":",
                                   "{\"tarball\":\"",
                                   "{\"tarball\":\"x",
                                   "{\"tarball\":\"x\"",
                                   "{\"tarball\":\"x\"}}",
                                   "{\"tarball\":\"x\"} x",
                                   "{\"tarball\" \"x\"}",
                                   "{\"tarball\":\"x\",}",
                                   "{\"a\":1 \"tarball\":\"x\"}",
                                   "}{\"tarball\":\"x\"}",
                                   "{\"a\":1,\"a\":2,\"tarball\":\"x\"}",
                                   "\xef\xbb\xbf{\"tarball\":\"x\"}",
                                   "{\"t\\arball\":\"x\"}",
                                   "{\"tarball\":\"x\",\"\\u\":1}"}) {
      const auto outcome = extract(text);
      CPPUNIT_ASSERT_MESSAGE(text, outcome.code == Code::bad_request && !outcome.complaint.empty());
    }
    CPPUNIT_ASSERT_EQUAL(std::string("the JSON text is broken at byte 26: found 'x'; expected ',' or '}'"),
                         extract("{\"a\":1,\"tarball\":\"QUJDRA\" x}").complaint);
    CPPUNIT_ASSERT_EQUAL(std::string("the JSON text is broken at byte 6: found 'x'; expected ',' or '}'"),
                         extract("{\"a\":1x,\"tarball\":\"QUJDRA\"}").complaint);
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "the JSON text is broken at byte 15: the text ends; expected '\"' at the end of the string"),
        extract("{\"tarball\":\"QUJ").complaint);
    CPPUNIT_ASSERT(
        extract("{\"tarball\":\"QUJ\",\"\\x\":1}").complaint.find("byte 18: an escape is unknown") !=
        std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::string("the JSON text is not an object; expected '{'"),
                         extract("[]").complaint);
  }
  void refuses_content_that_is_no_json_string() {
    for (const std::string content :
         {"a\nb", "a\tb", "a\x1f", "\\x", "\\u12", "\\u12g4", "\\u0000", "\\ud800", "\\ud800\\n....",
          "\\udc00", "\\ud800\\ud800", "\xff", "\x80", "\xc0\x80", "\xe2\x82", "\xed\xa0\x80",
          "\xf5\x80\x80\x80", "\xf0\x9f\x98"}) {
      const auto outcome = extract("{\"tarball\":\"QUJD" + content + "\",\"more\":\"and more\"}");
      CPPUNIT_ASSERT_MESSAGE(content, outcome.code == Code::bad_request);
      CPPUNIT_ASSERT_MESSAGE(content + ": " + outcome.complaint,
                             outcome.complaint.find("broken at byte 1") != std::string::npos);
    }
    CPPUNIT_ASSERT_EQUAL(std::string("the JSON text is broken at byte 16: a string is not UTF-8"),
                         extract("{\"tarball\":\"QUJD\xff\"}").complaint);
    CPPUNIT_ASSERT_EQUAL(std::string("the JSON text is broken at byte 16: a string is not UTF-8"),
                         extract("{\"tarball\":\"QUJD\xf0\x9f\"}").complaint);
    CPPUNIT_ASSERT(extract(std::string("{\"tarball\":\"a\0b\"}", 17)).code == Code::bad_request);
  }
  void the_limit_counts_what_is_kept_alone() {
    const std::string text = "{\"tarball\":\"" + std::string(100000, 'Q') + "\",\"n\":1}";
    CPPUNIT_ASSERT(extract(text, {}, 20).taken.size() == 100000);
    CPPUNIT_ASSERT_EQUAL(
        std::string("the JSON document has more than 19 bytes beside 'tarball'; send a smaller one"),
        extract(text, {}, 19).complaint);
    CPPUNIT_ASSERT(extract(text, {}, 19).code == Code::payload_too_large);
    CPPUNIT_ASSERT(
        extract("{\"x\":\"" + std::string(100000, 'Q') + "\"}", at_every_byte("{\"x\":\"Q")).code ==
        Code::payload_too_large);
    CPPUNIT_ASSERT(extract(std::string(5000, ' ')).code == Code::payload_too_large);
  }
  void hands_on_large_content_in_portions() {
    std::string content;
    for (int i = 0; i < 30000; ++i) content += "0123456789abcdef\\/";
    std::size_t calls = 0, bytes = 0;
    json::FieldExtractor extractor(
        "tarball", [&](std::string_view piece) { ++calls, bytes += piece.size(); }, 100);
    extractor.feed("{\"tarball\":\"");
    for (std::size_t at = 0; at < content.size(); at += 1000)
      extractor.feed(std::string_view(content).substr(at, 1000));
    extractor.feed("\"}");
    CPPUNIT_ASSERT(extractor.found() && extractor.finish().root()["tarball"].string() == "");
    CPPUNIT_ASSERT_EQUAL(std::size_t{30000 * 17}, bytes);
    CPPUNIT_ASSERT_MESSAGE(std::to_string(calls), calls < 10);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(FieldExtractorTest);
