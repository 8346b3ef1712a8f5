// SPDX-License-Identifier: MIT
#include "libwharf/json/writer.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <limits>
#include <stdexcept>

using namespace wharf;
using namespace std::string_view_literals;

class JsonWriterTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(JsonWriterTest);
  CPPUNIT_TEST(writes_every_kind_of_value);
  CPPUNIT_TEST(escapes_what_must_be_and_nothing_else);
  CPPUNIT_TEST(what_is_not_utf8_becomes_the_replacement_character);
  CPPUNIT_TEST(numbers_read_back_as_they_were);
  CPPUNIT_TEST(copies_values_of_parsed_documents);
  CPPUNIT_TEST(hands_out_a_long_document_in_pieces);
  CPPUNIT_TEST(misuse_is_a_logic_error);
  CPPUNIT_TEST_SUITE_END();

 public:
  void writes_every_kind_of_value() {
    json::Writer w;
    const std::string text = "b";
    w.begin_object();
    w.member("text", "a")
        .member("string", text)
        .member("view", std::string_view("c"))
        .member("yes", true)
        .member("no", false);
    w.member("int", -3)
        .member("size", std::size_t{7})
        .member("big", std::int64_t{9007199254740992})
        .member("half", 0.5);
    w.member("some", std::optional<std::string>("d"))
        .member("none", std::optional<int>())
        .member_null("null");
    w.member("texts", std::vector<std::string>{"x", "y"}).member("empty", std::vector<std::string>{});
    w.key("list")
        .begin_array()
        .value(1)
        .begin_array()
        .end_array()
        .begin_object()
        .end_object()
        .null()
        .raw("{\"r\":1}")
        .end_array();
    w.key("o").begin_object().member("k", 1).end_object().member("last", 0);
    w.end_object();
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            R"({"text":"a","string":"b","view":"c","yes":true,"no":false,"int":-3,"size":7,"big":9007199254740992,)"
            R"("half":0.5,"some":"d","none":null,"null":null,"texts":["x","y"],"empty":[],)"
            R"("list":[1,[],{},null,{"r":1}],"o":{"k":1},"last":0})"),
        w.text());
    CPPUNIT_ASSERT(json::parse(w.text()).root().size() == 17);
  }

  void escapes_what_must_be_and_nothing_else() {
    CPPUNIT_ASSERT_EQUAL(
        std::string(R"("\"\\/\b\f\n\r\t\u0000\u0001\u001f )") + "\x7f" + R"(é日😀 plain enough to be long")",
        json::quote("\"\\/\b\f\n\r\t\0\x01\x1f \x7fé日😀 plain enough to be long"sv));
    for (int c = 1; c < 256; ++c) {
      // At every place of an eight-byte word, since those are what the fast path looks at.
      for (std::size_t before = 0; before < 9; ++before) {
        const std::string raw = std::string(before, 'x') + static_cast<char>(c) + std::string(9, 'y');
        const auto document = json::parse(json::quote(raw));
        if (c < 0x80) CPPUNIT_ASSERT_EQUAL(raw, std::string(*document.root().string()));
      }
    }
    CPPUNIT_ASSERT_EQUAL(std::string(R"({"a\"b":1})"),
                         json::Writer().begin_object().member("a\"b", 1).end_object().text());
  }

  void what_is_not_utf8_becomes_the_replacement_character() {
    CPPUNIT_ASSERT_EQUAL(std::string("\"a\xef\xbf\xbd"
                                     "b\""),
                         json::quote("a\xff"
                                     "b"));
    CPPUNIT_ASSERT_EQUAL(std::string("\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""),
                         json::quote("\xed\xa0\x80"));
    CPPUNIT_ASSERT_EQUAL(std::string("\"\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\""),
                         json::quote("\xc3\xa9\xe2\x82"));
  }

  void numbers_read_back_as_they_were() {
    for (const double number : {0.1, 1.0 / 3, 1e300, 5e-324, -2.5, 123456789.125, 1e22, 9007199254740994.0}) {
      const auto document = json::parse("[" + json::Writer().value(number).text() + "]");
      document.root().each([&](json::Value read) { CPPUNIT_ASSERT_EQUAL(number, *read.number()); });
    }
    CPPUNIT_ASSERT_EQUAL(std::string("[3,0,null,null,-9223372036854775808]"),
                         json::Writer()
                             .begin_array()
                             .value(3.0)
                             .value(-0.0)
                             .value(std::numeric_limits<double>::infinity())
                             .value(std::numeric_limits<double>::quiet_NaN())
                             .value(std::numeric_limits<std::int64_t>::min())
                             .end_array()
                             .text());
  }

  void copies_values_of_parsed_documents() {
    const std::string text = R"({"b":[1,"x",null,{"y":true}],"a":{},"c":0.25})";
    const auto document = json::parse(text);
    CPPUNIT_ASSERT_EQUAL(text, json::Writer().value(document.root()).text());
    CPPUNIT_ASSERT_EQUAL(std::string("[null,[1,\"x\",null,{\"y\":true}]]"),
                         json::Writer()
                             .begin_array()
                             .value(document.root()["missing"])
                             .value(document.root()["b"])
                             .end_array()
                             .text());
  }

  void hands_out_a_long_document_in_pieces() {
    json::Writer w;
    std::string whole;
    w.begin_array();
    for (int i = 0; i < 5; ++i) {
      w.value(i);
      whole += w.take();
      CPPUNIT_ASSERT(w.text().empty());
    }
    whole += w.end_array().take();
    CPPUNIT_ASSERT_EQUAL(std::string("[0,1,2,3,4]"), whole);
  }

  void misuse_is_a_logic_error() {
    using json::Writer;
    CPPUNIT_ASSERT_THROW(Writer().value(1).value(2), std::logic_error);
    CPPUNIT_ASSERT_THROW(Writer().begin_object().value(1), std::logic_error);
    CPPUNIT_ASSERT_THROW(Writer().begin_object().begin_array(), std::logic_error);
    CPPUNIT_ASSERT_THROW(Writer().begin_object().key("a").key("b"), std::logic_error);
    CPPUNIT_ASSERT_THROW(Writer().begin_object().key("a").end_object(), std::logic_error);
    CPPUNIT_ASSERT_THROW(Writer().begin_object().end_array(), std::logic_error);
    CPPUNIT_ASSERT_THROW(Writer().begin_array().end_object(), std::logic_error);
    CPPUNIT_ASSERT_THROW(Writer().begin_array().key("a"), std::logic_error);
    CPPUNIT_ASSERT_THROW(Writer().end_array(), std::logic_error);
    CPPUNIT_ASSERT_THROW(Writer().key("a"), std::logic_error);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(JsonWriterTest);
