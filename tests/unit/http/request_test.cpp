// SPDX-License-Identifier: MIT
#include "fcgi-app/http/request.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>

#include "tests/unit/http/requests.hpp"

using namespace wharf;
using namespace wharf::http;
using wharf::test::refusal;
using wharf::test::request;
using wharf::test::unparsed_request;

class RequestTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RequestTest);
  CPPUNIT_TEST(reads_what_nginx_says_of_it);
  CPPUNIT_TEST(makes_an_id_where_nginx_gave_none_that_is_safe);
  CPPUNIT_TEST(refuses_a_header_that_was_sent_twice);
  CPPUNIT_TEST(lets_proxies_add_to_their_lists);
  CPPUNIT_TEST(refuses_control_characters_in_headers);
  CPPUNIT_TEST(refuses_a_content_length_that_is_no_number);
  CPPUNIT_TEST(takes_the_token_of_the_bearer_scheme_alone);
  CPPUNIT_TEST(a_query_parameter_given_twice_is_refused_when_it_is_asked_for);
  CPPUNIT_TEST(numbers_and_flags_in_the_query_are_checked);
  CPPUNIT_TEST(pages_are_cut_to_what_is_allowed);
  CPPUNIT_TEST(json_needs_its_content_type);
  CPPUNIT_TEST(json_is_an_object_of_bounded_size);
  CPPUNIT_TEST(an_optional_body_may_be_left_out);
  CPPUNIT_TEST(a_body_must_have_the_announced_length);
  CPPUNIT_TEST(a_body_of_any_chunking_is_whole);
  CPPUNIT_TEST(asking_for_a_parameter_that_the_route_lacks_is_a_fault);
  CPPUNIT_TEST_SUITE_END();

 public:
  void reads_what_nginx_says_of_it() {
    const auto asked = request("HEAD", "/raven/api/v1/stats?x=1",
                               {{"REMOTE_ADDR", "192.0.2.7"},
                                {"HTTPS", "on"},
                                {"HTTP_X_CHECKSUM_SHA256", "ab"},
                                {"CONTENT_TYPE", "text/plain"}});
    CPPUNIT_ASSERT(asked.method() == Method::head);
    CPPUNIT_ASSERT(asked.dialect() == Dialect::raven);
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.7"), asked.remote_address());
    CPPUNIT_ASSERT_EQUAL(std::string("0123456789abcdef"), asked.id());
    CPPUNIT_ASSERT(asked.is_https());
    CPPUNIT_ASSERT(asked.header("x-checksum-sha256") == "ab");
    CPPUNIT_ASSERT(asked.header("Content-Type") == "text/plain");
    CPPUNIT_ASSERT(!asked.header("X-Force"));
    CPPUNIT_ASSERT(!asked.has_body());
    CPPUNIT_ASSERT(!request("GET", "/").is_https());
  }
  void makes_an_id_where_nginx_gave_none_that_is_safe() {
    for (const char* sent : {"", "short", "with space and more", "line\nbreak-long-enough"}) {
      const Request made({{"REQUEST_ID", sent}}, nullptr);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(sent, std::size_t{22}, made.id().size());
    }
    CPPUNIT_ASSERT(Request({}, nullptr).id() != Request({}, nullptr).id());
  }
  void refuses_a_header_that_was_sent_twice() {
    for (const char* name : {"HTTP_AUTHORIZATION", "HTTP_CONTENT_TYPE", "HTTP_X_ANYTHING"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string("bad_request"), refusal([&] {
                                     request("GET", "/", {{name, "a"}, {"HTTP_HOST", "h"}, {name, "a"}});
                                   }));
  }
  void lets_proxies_add_to_their_lists() {
    const CgiParams params = {
        {"HTTP_VIA", "a"}, {"HTTP_VIA", "b"}, {"HTTP_X_FORWARDED_FOR", "1"}, {"HTTP_X_FORWARDED_FOR", "2"}};
    CPPUNIT_ASSERT_EQUAL(std::string("nothing"), refusal([&] { request("GET", "/", params); }));
  }
  void refuses_control_characters_in_headers() {
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refusal([] {
                           request("GET", "/",
                                   {{"HTTP_X_A",
                                     "a\x01"
                                     "b"}});
                         }));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refusal([] {
                           request("GET", "/", {{"HTTP_X_A", "a\tb\r\n"}});
                         }));
    CPPUNIT_ASSERT_EQUAL(std::string("nothing"), refusal([] {
                           request("GET", "/", {{"HTTP_X_A", "a\tb"}});
                         }));
  }
  void refuses_a_content_length_that_is_no_number() {
    for (const char* bad : {"-1", "1x", "0x10", "99999999999999999999"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("bad_request"), refusal([&] {
                                     request("PUT", "/", {{"CONTENT_LENGTH", bad}});
                                   }));
  }
  void takes_the_token_of_the_bearer_scheme_alone() {
    const auto token_of = [](const char* value) {
      const auto asked = request("GET", "/", {{"HTTP_AUTHORIZATION", value}});
      return std::string(asked.bearer_token().value_or("none"));
    };
    CPPUNIT_ASSERT_EQUAL(std::string("abc.def"), token_of("Bearer abc.def"));
    CPPUNIT_ASSERT_EQUAL(std::string("abc"), token_of("bearer  abc "));
    for (const char* other : {"Basic abc", "Bearer", "Bearer ", "abc", ""})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(other, std::string("none"), token_of(other));
    CPPUNIT_ASSERT(!request("GET", "/").bearer_token());
  }
  void a_query_parameter_given_twice_is_refused_when_it_is_asked_for() {
    const auto asked = request("GET", "/search?q=a&other=1&q=b&other=2");
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refusal([&] { asked.query("q"); }));
    CPPUNIT_ASSERT(!asked.query("limit"));
    CPPUNIT_ASSERT(request("GET", "/search?q=a").query("q") == "a");
  }
  void numbers_and_flags_in_the_query_are_checked() {
    const auto asked = request("GET", "/x?five=5&word=x&minus=-1&on&yes=1&no=0&odd=2");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, asked.query_number("five", 1, 9, 2));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, asked.query_number("missing", 1, 9, 2));
    for (const char* name : {"word", "minus", "on"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string("bad_request"),
                                   refusal([&] { asked.query_number(name, 0, UINT64_MAX, 0); }));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refusal([&] { asked.query_number("five", 6, 9, 6); }));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refusal([&] { asked.query_number("five", 0, 4, 0); }));
    CPPUNIT_ASSERT(asked.query_flag("on") && asked.query_flag("yes"));
    CPPUNIT_ASSERT(!asked.query_flag("no") && !asked.query_flag("missing"));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refusal([&] { asked.query_flag("odd"); }));
    try {
      asked.query_number("word", 0, 9, 0);
      CPPUNIT_FAIL("a word passed as a number");
    } catch (const Error& error) {
      CPPUNIT_ASSERT(error.public_message().find("'word'") != std::string::npos);
    }
  }
  void pages_are_cut_to_what_is_allowed() {
    const auto page_of = [](const char* uri) {
      const auto page = request("GET", uri).page();
      return std::to_string(page.limit) + "+" + std::to_string(page.offset);
    };
    CPPUNIT_ASSERT_EQUAL(std::string("20+0"), page_of("/x"));
    CPPUNIT_ASSERT_EQUAL(std::string("100+40"), page_of("/x?limit=5000&offset=40"));
    CPPUNIT_ASSERT_EQUAL(std::string("1+100000"), page_of("/x?limit=1&offset=100000"));
    for (const char* uri : {"/x?limit=0", "/x?limit=x", "/x?limit=-5", "/x?limit=", "/x?offset=-1",
                            "/x?offset=100001", "/x?limit=1&limit=1"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(uri, std::string("bad_request"), refusal([&] { page_of(uri); }));
  }
  void json_needs_its_content_type() {
    const auto code_for = [](const CgiParams& params) {
      return refusal([&] { request("POST", "/x", params, "{}").read_json(); });
    };
    for (const char* good :
         {"application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(good, std::string("nothing"), code_for({{"CONTENT_TYPE", good}}));
    for (const char* bad : {"text/plain", "application/json; charset=latin1", "application/jsonx", ";",
                            "application/json; charset", "application/"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("unsupported_media_type"),
                                   code_for({{"CONTENT_TYPE", bad}}));
    CPPUNIT_ASSERT_EQUAL(std::string("unsupported_media_type"), code_for({}));
  }
  void json_is_an_object_of_bounded_size() {
    const auto code_for = [](std::string body) {
      return refusal([&] {
        request("POST", "/x", {{"CONTENT_TYPE", "application/json"}}, std::move(body)).read_json(64);
      });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("nothing"), code_for(R"({"a": 1})"));
    for (const char* bad : {"", "[]", "1", "null", "{", "{\"a\":1,\"a\":2}", "{} x"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("bad_request"), code_for(bad));
    CPPUNIT_ASSERT_EQUAL(std::string("payload_too_large"),
                         code_for("{\"a\": \"" + std::string(64, 'x') + "\"}"));
    auto asked = request("POST", "/x", {{"CONTENT_TYPE", "application/json"}}, R"({"name": "mylib"})");
    CPPUNIT_ASSERT(asked.read_json().root()["name"].string() == "mylib");
  }
  void an_optional_body_may_be_left_out() {
    CPPUNIT_ASSERT(!request("POST", "/x").read_optional_json());
    CPPUNIT_ASSERT(!request("POST", "/x", {{"CONTENT_TYPE", "multipart/form-data"}}).read_optional_json());
    CPPUNIT_ASSERT(request("POST", "/x", {{"CONTENT_TYPE", "application/json"}}, "{}").read_optional_json());
    CPPUNIT_ASSERT_EQUAL(std::string("unsupported_media_type"),
                         refusal([] { request("POST", "/x", {}, "{}").read_optional_json(); }));
  }
  void a_body_must_have_the_announced_length() {
    const auto code_for = [](const char* announced, const char* body) {
      return refusal([&] {
        request("PUT", "/x", {{"CONTENT_LENGTH", announced}}, body).body().read_all(100);
      });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("nothing"), code_for("3", "abc"));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), code_for("4", "abc"));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), code_for("2", "abc"));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), code_for("0", "abc"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("bad_request"), refusal([] {
          request("PUT", "/x", {{"CONTENT_LENGTH", "2"}}, "abc").body().each_piece([](std::string_view) {});
        }));
    CPPUNIT_ASSERT_EQUAL(
        std::string("bad_request"), refusal([] {
          request("PUT", "/x", {{"CONTENT_LENGTH", "4"}}, "abc").body().each_piece([](std::string_view) {});
        }));
  }
  void a_body_of_any_chunking_is_whole() {
    std::string sent;
    for (int i = 0; i < 200'000; ++i) sent += static_cast<char>(i * 7);
    std::size_t at = 0;
    Body body(sent.size(), [&](std::span<std::byte> buffer) {
      const std::size_t count = std::min({buffer.size(), sent.size() - at, at % 977 + 1});
      std::copy_n(reinterpret_cast<const std::byte*>(sent.data()) + at, count, buffer.begin());
      at += count;
      return count;
    });
    std::string got;
    body.each_piece([&](std::string_view piece) { got += piece; });
    CPPUNIT_ASSERT(got == sent);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{200'000}, body.read_so_far());
  }
  void asking_for_a_parameter_that_the_route_lacks_is_a_fault() {
    auto asked = request("GET", "/x");
    asked.matched.params = {{"name", "mylib"}};
    CPPUNIT_ASSERT_EQUAL(std::string("mylib"), asked.path("name"));
    CPPUNIT_ASSERT_THROW(asked.path("version"), std::logic_error);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(RequestTest);
