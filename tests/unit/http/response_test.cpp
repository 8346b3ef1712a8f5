// SPDX-License-Identifier: MIT
#include "fcgi-app/http/response.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>

#include "fcgi-app/http/errors.hpp"
#include "fcgi-app/http/status.hpp"
#include "tests/unit/http/requests.hpp"

using namespace wharf;
using namespace wharf::http;
using wharf::test::request;

class ResponseTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ResponseTest);
  CPPUNIT_TEST(a_reader_who_has_it_already_gets_304);
  CPPUNIT_TEST(etags_follow_the_content);
  CPPUNIT_TEST(what_has_no_body_says_nothing_of_one);
  CPPUNIT_TEST(only_what_anyone_may_read_can_be_kept);
  CPPUNIT_TEST(refuses_headers_that_would_be_two);
  CPPUNIT_TEST(is_rendered_as_fastcgi_wants_it);
  CPPUNIT_TEST(errors_have_the_shape_of_the_dialect);
  CPPUNIT_TEST(errors_carry_the_headers_of_their_status);
  CPPUNIT_TEST(an_internal_error_tells_the_caller_nothing);
  CPPUNIT_TEST(every_code_has_a_status_with_a_phrase);
  CPPUNIT_TEST_SUITE_END();

  static std::string error_at(const char* uri, const Error& error) {
    return error_response(request("GET", uri), error).body;
  }

 public:
  void a_reader_who_has_it_already_gets_304() {
    const auto status_for = [](const char* method, const char* sent) {
      const auto asked = request(method, "/", {{"HTTP_IF_NONE_MATCH", sent}});
      return with_etag(asked, Response::text(200, "x"), "\"abc\"").status;
    };
    for (const char* same : {"\"abc\"", "W/\"abc\"", "*", "\"x\", W/\"abc\" ,\"y\""})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(same, 304, status_for("GET", same));
    for (const char* other : {"\"abd\"", "abc", "", "\"x\", \"y\"", "W/"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(other, 200, status_for("GET", other));
    CPPUNIT_ASSERT_EQUAL(304, status_for("HEAD", "\"abc\""));
    CPPUNIT_ASSERT_EQUAL(200, status_for("POST", "\"abc\""));
    const auto plain = with_etag(request("GET", "/"), Response::text(200, "x"), "\"abc\"");
    CPPUNIT_ASSERT_EQUAL(200, plain.status);
    CPPUNIT_ASSERT(plain.header("etag") == "\"abc\"");
  }
  void etags_follow_the_content() {
    CPPUNIT_ASSERT_EQUAL(std::string("\"ba7816bf8f01cfea414140de5dae2223\""), etag_of("abc"));
    CPPUNIT_ASSERT(etag_of("a") != etag_of("b"));
  }
  void what_has_no_body_says_nothing_of_one() {
    auto asked = request("GET", "/", {{"HTTP_IF_NONE_MATCH", "*"}});
    auto unchanged = with_etag(asked, Response::json(200, "{}"), "\"a\"");
    finish(asked, unchanged);
    CPPUNIT_ASSERT(!unchanged.header("Content-Type") && !unchanged.header("Content-Length"));
    CPPUNIT_ASSERT(unchanged.header("ETag"));
    CPPUNIT_ASSERT(!sends_body(asked, unchanged));
    auto empty = Response::empty();
    finish(asked, empty);
    CPPUNIT_ASSERT_EQUAL(204, empty.status);
    CPPUNIT_ASSERT(!empty.header("Content-Length"));
    auto moved = Response::redirect(302, "/elsewhere");
    finish(asked, moved);
    CPPUNIT_ASSERT(moved.header("Location") == "/elsewhere");
    CPPUNIT_ASSERT(moved.header("Content-Length") == "0");
  }
  void only_what_anyone_may_read_can_be_kept() {
    const auto control_of = [](const char* method, const CgiParams& params, Response response) {
      finish(request(method, "/", params), response);
      return std::string(response.header("Cache-Control").value_or("-"));
    };
    CPPUNIT_ASSERT_EQUAL(std::string("-"), control_of("GET", {}, Response::text(200, "x")));
    CPPUNIT_ASSERT_EQUAL(std::string("no-store"),
                         control_of("GET", {{"HTTP_AUTHORIZATION", "Bearer x"}}, Response::text(200, "x")));
    CPPUNIT_ASSERT_EQUAL(std::string("no-store"), control_of("POST", {}, Response::text(201, "x")));
    CPPUNIT_ASSERT_EQUAL(std::string("no-store"), control_of("GET", {}, Response::text(404, "x")));
    CPPUNIT_ASSERT_EQUAL(std::string("max-age=1"),
                         control_of("GET", {}, Response::text(200, "x").set("cache-control", "max-age=1")));
  }
  void refuses_headers_that_would_be_two() {
    CPPUNIT_ASSERT_THROW(Response().set("Location", "/a\r\nX: y"), std::logic_error);
    auto twice = Response::empty().set("X-A", "1").set("x-a", "2");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, twice.headers.size());
    CPPUNIT_ASSERT(twice.header("X-A") == "2");
  }
  void is_rendered_as_fastcgi_wants_it() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("Status: 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"),
        render_head(Response::text(404, "x")));
  }
  void errors_have_the_shape_of_the_dialect() {
    const Error error =
        Error(Code::version_exists, "mylib 1.0.0 is already published").with("checksum", "ab");
    const std::string code_first =
        R"({"error":"version_exists","message":"mylib 1.0.0 is already published","details":{"checksum":"ab"},"request_id":"0123456789abcdef"})";
    CPPUNIT_ASSERT_EQUAL(code_first, error_at("/api/v1/x", error));
    CPPUNIT_ASSERT_EQUAL(code_first, error_at("/raven/api/v1/x", error));
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            R"({"error":"mylib 1.0.0 is already published","code":"version_exists","details":{"checksum":"ab"},"request_id":"0123456789abcdef"})"),
        error_at("/synapse/api/v1/x", error));
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            R"({"error":"mylib 1.0.0 is already published","status":409,"code":"version_exists","details":{"checksum":"ab"},"request_id":"0123456789abcdef"})"),
        error_at("/vais/x", error));
    CPPUNIT_ASSERT(error_at("/api/v1/x", Error(Code::not_found, "no")).find("\"details\":null") !=
                   std::string::npos);
  }
  void errors_carry_the_headers_of_their_status() {
    const auto asked = request("GET", "/");
    CPPUNIT_ASSERT(error_response(asked, Error(Code::unauthorized, "x")).header("WWW-Authenticate") ==
                   "Bearer");
    CPPUNIT_ASSERT(error_response(asked, Error(Code::invalid_credentials, "x")).header("WWW-Authenticate") ==
                   "Bearer");
    CPPUNIT_ASSERT(error_response(asked, Error(Code::unavailable, "x").retry_in(9)).header("Retry-After") ==
                   "9");
    CPPUNIT_ASSERT(error_response(asked, Error(Code::unavailable, "x")).header("Retry-After"));
    CPPUNIT_ASSERT(error_response(asked, Error(Code::rate_limit_exceeded, "x")).header("Retry-After"));
    CPPUNIT_ASSERT(!error_response(asked, Error(Code::not_found, "x")).header("Retry-After"));
  }
  void an_internal_error_tells_the_caller_nothing() {
    const auto own =
        error_at("/api/v1/x", Error(Code::internal_error, "secret", "secret").with("file", "/secret"));
    CPPUNIT_ASSERT(own.find("secret") == std::string::npos);
    const auto foreign = error_response(request("GET", "/"), std::runtime_error("secret"));
    CPPUNIT_ASSERT_EQUAL(500, foreign.status);
    CPPUNIT_ASSERT(foreign.body.find("secret") == std::string::npos);
    CPPUNIT_ASSERT_EQUAL(own, error_at("/api/v1/x", internal_error("else")));
  }
  void every_code_has_a_status_with_a_phrase() {
#define WHARF_CHECK(name) CPPUNIT_ASSERT_MESSAGE(#name, reason_phrase(status_of(Code::name)) != "Status");
    WHARF_ERROR_CODES(WHARF_CHECK)
#undef WHARF_CHECK
    CPPUNIT_ASSERT_EQUAL(503, status_of(Code::unavailable));
    CPPUNIT_ASSERT_EQUAL(422, status_of(Code::archive_path));
    CPPUNIT_ASSERT_EQUAL(409, status_of(Code::last_owner));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ResponseTest);
