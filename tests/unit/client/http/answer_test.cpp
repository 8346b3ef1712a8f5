// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include "client/http/http.hpp"
#include "client/http/retry.hpp"
#include "tests/support/error_of.hpp"

using namespace wharf;
using namespace wharf::client;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

HttpResponse answer(int status, std::string body, std::map<std::string, std::string> headers = {}) {
  return {status, std::move(headers), std::move(body), "https://packages.example.org/api/v1/packages"};
}

}  // namespace

class AnswerTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AnswerTest);
  CPPUNIT_TEST(a_registry_speaks_for_itself);
  CPPUNIT_TEST(the_dialects_that_put_the_sentence_elsewhere_are_understood);
  CPPUNIT_TEST(what_is_no_registry_is_named_by_its_origin);
  CPPUNIT_TEST(a_sentence_does_nothing_to_a_terminal);
  CPPUNIT_TEST(success_throws_nothing);
  CPPUNIT_TEST(retry_after_is_seconds_or_a_date);
  CPPUNIT_TEST(pauses_double_and_are_bounded);
  CPPUNIT_TEST(only_passing_troubles_are_worth_another_attempt);
  CPPUNIT_TEST(parts_of_a_path_are_encoded);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_registry_speaks_for_itself() {
    const Error error =
        error_of(answer(409, R"({"error":"version_exists","message":"fog 1.0.0 is already published",)"
                             R"("details":{"checksum":"abc","size":3},"request_id":"1"})"));
    CPPUNIT_ASSERT(error.code() == Code::version_exists);
    CPPUNIT_ASSERT_EQUAL(std::string("fog 1.0.0 is already published"), error.public_message());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, error.details().size());
    CPPUNIT_ASSERT_EQUAL(std::string("abc"), error.details()[0].second);
  }

  void the_dialects_that_put_the_sentence_elsewhere_are_understood() {
    const Error error =
        error_of(answer(403, R"({"error":"you are not an owner","code":"forbidden","details":null})"));
    CPPUNIT_ASSERT(error.code() == Code::forbidden);
    CPPUNIT_ASSERT_EQUAL(std::string("you are not an owner"), error.public_message());
    // A code of a later registry.
    CPPUNIT_ASSERT(error_of(answer(409, R"({"error":"moon_is_full","message":"not now"})")).code() ==
                   Code::conflict);
  }

  void what_is_no_registry_is_named_by_its_origin() {
    for (const std::string body :
         {"<html>no</html>", "", "[]", "{}", R"({"error":""})", R"({"message":7})"}) {
      const Error error = error_of(answer(403, body));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(
          body,
          std::string("'https://packages.example.org' answered with status 403, and not as a registry "
                      "does; check the registry's address"),
          error.public_message());
    }
    CPPUNIT_ASSERT(error_of(answer(502, "")).code() == Code::unavailable);
    CPPUNIT_ASSERT(error_of(answer(401, "")).code() == Code::unauthorized);
  }

  void a_sentence_does_nothing_to_a_terminal() {
    const Error error = error_of(answer(400, R"({"error":"bad_request","message":"a\u001b[31mb\nc"})"));
    CPPUNIT_ASSERT_EQUAL(std::string("a [31mb c"), error.public_message());
    const std::string longest(700, 'x');
    CPPUNIT_ASSERT_EQUAL(std::size_t{600},
                         error_of(answer(400, R"({"error":")" + longest + R"("})")).public_message().size());
    // A character of two bytes across the cut goes as a whole.
    const std::string across = std::string(599, 'x') + "\xc3\xb6";
    CPPUNIT_ASSERT_EQUAL(std::size_t{599},
                         error_of(answer(400, R"({"error":")" + across + R"("})")).public_message().size());
  }

  void success_throws_nothing() {
    CPPUNIT_ASSERT_EQUAL(std::string("none"), test::code_of([] { require_success(answer(204, "")); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), test::code_of([] { require_success(answer(404, "")); }));
    CPPUNIT_ASSERT_EQUAL(30, error_of(answer(503, "", {{"retry-after", "30"}})).retry_after().value());
  }

  void retry_after_is_seconds_or_a_date() {
    const Time at = from_rfc3339("2026-01-31T10:00:00Z").value();
    CPPUNIT_ASSERT(read_retry_after(" 120 ", at) == seconds(120));
    CPPUNIT_ASSERT(read_retry_after("Sat, 31 Jan 2026 10:00:05 GMT", at) == seconds(5));
    CPPUNIT_ASSERT(read_retry_after("Sat, 31 Jan 2026 09:00:00 GMT", at) == seconds(0));
    for (const std::string_view bad : {"", "soon", "-5", "1.5"})
      CPPUNIT_ASSERT_MESSAGE(std::string(bad), !read_retry_after(bad, at));
  }

  void pauses_double_and_are_bounded() {
    CPPUNIT_ASSERT(pause_after(0, milliseconds(300), 0, {}) == milliseconds(300));
    CPPUNIT_ASSERT(pause_after(2, milliseconds(300), 0, {}) == milliseconds(1200));
    CPPUNIT_ASSERT(pause_after(0, milliseconds(300), 1, {}) == milliseconds(450));
    CPPUNIT_ASSERT(pause_after(0, milliseconds(300), 0, seconds(7)) == seconds(7));
    CPPUNIT_ASSERT(pause_after(0, milliseconds(300), 0, seconds(0)) == milliseconds(300));
    CPPUNIT_ASSERT(pause_after(0, milliseconds(300), 0, seconds(86400)) == k_longest_pause);
    CPPUNIT_ASSERT(pause_after(60, milliseconds(300), 0, {}) == k_longest_pause);
  }

  void only_passing_troubles_are_worth_another_attempt() {
    for (const int status : {429, 500, 502, 503, 504}) CPPUNIT_ASSERT(is_worth_retrying(status));
    for (const int status : {200, 206, 301, 400, 401, 403, 404, 409, 416, 422, 501, 505})
      CPPUNIT_ASSERT(!is_worth_retrying(status));
  }

  void parts_of_a_path_are_encoded() {
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0-rc.1%2Bbuild"), url_encode("1.0.0-rc.1+build"));
    CPPUNIT_ASSERT_EQUAL(std::string("a%2F..%3F%00%C3%B6"),
                         url_encode(std::string_view("a/..?\0\xc3\xb6", 8)));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AnswerTest);
