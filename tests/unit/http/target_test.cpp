// SPDX-License-Identifier: MIT
#include "fcgi-app/http/target.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/http/requests.hpp"

using namespace wharf;
using namespace wharf::http;
using wharf::test::refusal;

class TargetTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TargetTest);
  CPPUNIT_TEST(each_base_names_its_dialect);
  CPPUNIT_TEST(the_root_answers_in_the_dialect_of_the_site);
  CPPUNIT_TEST(a_slash_at_the_end_of_a_clients_base_does_no_harm);
  CPPUNIT_TEST(segments_are_decoded_one_by_one);
  CPPUNIT_TEST(refuses_paths_that_could_be_read_in_two_ways);
  CPPUNIT_TEST(refuses_what_is_too_long);
  CPPUNIT_TEST(queries_are_decoded_strictly);
  CPPUNIT_TEST(even_a_broken_target_has_a_dialect);
  CPPUNIT_TEST(percent_encoding_goes_both_ways);
  CPPUNIT_TEST_SUITE_END();

  static std::string described(const char* uri, Dialect at_root = Dialect::native) {
    const auto target = parse_target(uri, at_root);
    std::string text(rules_of(target.base.dialect).name);
    if (target.base.at_root) text += " root";
    for (std::size_t i = target.base.segments; i < target.segments.size(); ++i)
      text += " " + target.segments[i];
    return text;
  }

 public:
  void each_base_names_its_dialect() {
    CPPUNIT_ASSERT_EQUAL(std::string("native packages mylib"), described("/api/v1/packages/mylib"));
    CPPUNIT_ASSERT_EQUAL(std::string("synapse stats"), described("/synapse/api/v1/stats"));
    CPPUNIT_ASSERT_EQUAL(std::string("raven stats"), described("/raven/api/v1/stats"));
    CPPUNIT_ASSERT_EQUAL(std::string("vais index.json"), described("/vais/index.json"));
    CPPUNIT_ASSERT_EQUAL(std::string("vais index.json"), described("/vais/api/v1/index.json"));
    CPPUNIT_ASSERT_EQUAL(std::string("native"), described("/api/v1"));
    CPPUNIT_ASSERT_EQUAL(std::string("vais"), described("/vais"));
  }
  void the_root_answers_in_the_dialect_of_the_site() {
    CPPUNIT_ASSERT_EQUAL(std::string("native root health"), described("/health"));
    CPPUNIT_ASSERT_EQUAL(std::string("vais root index.json"), described("/index.json", Dialect::vais));
    CPPUNIT_ASSERT_EQUAL(std::string("native stats"), described("/api/v1/stats", Dialect::vais));
    CPPUNIT_ASSERT_EQUAL(std::string("native root"), described("/"));
    CPPUNIT_ASSERT_EQUAL(std::string("native root"), described("/?q=1"));
    CPPUNIT_ASSERT_EQUAL(std::string("native root synapse stats"), described("/synapse/stats"));
    CPPUNIT_ASSERT_EQUAL(std::string("native root api v2"), described("/api/v2"));
    CPPUNIT_ASSERT_EQUAL(std::string("native root native api v1"), described("/native/api/v1"));
  }
  void a_slash_at_the_end_of_a_clients_base_does_no_harm() {
    CPPUNIT_ASSERT_EQUAL(std::string("native search"), described("//api/v1/search?q=x"));
    CPPUNIT_ASSERT_EQUAL(std::string("synapse search"), described("/synapse//api/v1/search?q=x"));
    CPPUNIT_ASSERT_EQUAL(std::string("vais index.json"), described("/vais//index.json"));
    for (const char* uri : {"/api//v1/search", "/api/v1//search", "/api/v1/search/", "/api/v1/", "/vais/"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(uri, std::string("bad_request"),
                                   refusal([&] { parse_target(uri, Dialect::native); }));
  }
  void segments_are_decoded_one_by_one() {
    CPPUNIT_ASSERT_EQUAL(std::string("native packages my lib+"), described("/api/v1/packages/my%20lib+"));
    CPPUNIT_ASSERT_EQUAL(std::string("native packages größe"), described("/api/v1/packages/gr%C3%B6%c3%9fe"));
    CPPUNIT_ASSERT_EQUAL(std::string("native packages a%2fb"), described("/api/v1/packages/a%252fb"));
    CPPUNIT_ASSERT_EQUAL(std::string("native packages ..."), described("/api/v1/packages/..."));
  }
  void refuses_paths_that_could_be_read_in_two_ways() {
    for (const char* uri : {"",        "packages",    "*",         "http://host/packages",
                            "/a%2fb",  "/a%2Fb",      "/a%5cb",    "/a\\b",
                            "/a%00",   "/a%0a",       "/a%7f",     "/%",
                            "/%4",     "/%zz",        "/a%4",      "/..",
                            "/a/../b", "/a/%2e%2e/b", "/a/%2E./b", "/.",
                            "/a/./b",  "/a//b",       "/a#b",      "/a?q=#b",
                            "/%ff",    "/%c0%af",     "/\x01"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(uri, std::string("bad_request"),
                                   refusal([&] { parse_target(uri, Dialect::native); }));
  }
  void refuses_what_is_too_long() {
    CPPUNIT_ASSERT_EQUAL(std::string("uri_too_long"), refusal([] {
                           parse_target("/" + std::string(k_longest_uri, 'a'), Dialect::native);
                         }));
    CPPUNIT_ASSERT_EQUAL(std::string("nothing"), refusal([] {
                           parse_target("/" + std::string(k_longest_uri - 1, 'a'), Dialect::native);
                         }));
  }
  void queries_are_decoded_strictly() {
    const auto query = parse_target("/x?q=json+parser%2B&&empty=&bare&a=b=c", Dialect::native).query;
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"q", "json parser+"}, {"empty", ""}, {"bare", ""}, {"a", "b=c"}};
    CPPUNIT_ASSERT(query == expected);
    for (const char* uri : {"/x?q=%", "/x?q=%1", "/x?q=%zz", "/x?q=%00", "/x?q=%ff", "/x?%=1"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(uri, std::string("bad_request"),
                                   refusal([&] { parse_target(uri, Dialect::native); }));
  }
  void even_a_broken_target_has_a_dialect() {
    CPPUNIT_ASSERT(guess_dialect("/synapse/%zz", Dialect::native) == Dialect::synapse);
    CPPUNIT_ASSERT(guess_dialect("//vais?%", Dialect::native) == Dialect::vais);
    CPPUNIT_ASSERT(guess_dialect("/api/v1/%", Dialect::vais) == Dialect::native);
    CPPUNIT_ASSERT(guess_dialect("/%", Dialect::raven) == Dialect::raven);
    CPPUNIT_ASSERT(guess_dialect("", Dialect::raven) == Dialect::raven);
  }
  void percent_encoding_goes_both_ways() {
    const std::string odd = "a b/%\xc3\xbc~-._";
    CPPUNIT_ASSERT_EQUAL(std::string("a%20b%2F%25%C3%BC~-._"), percent_encode(odd));
    CPPUNIT_ASSERT(percent_decode(percent_encode(odd), false) == odd);
    CPPUNIT_ASSERT(percent_decode("a+b", false) == "a+b");
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(TargetTest);
