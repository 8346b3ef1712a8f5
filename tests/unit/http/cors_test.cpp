// SPDX-License-Identifier: MIT
#include "fcgi-app/http/cors.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/http/requests.hpp"

using namespace wharf;
using namespace wharf::http;
using wharf::test::request;

class CorsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CorsTest);
  CPPUNIT_TEST(says_nothing_unless_it_was_configured);
  CPPUNIT_TEST(lets_the_listed_origins_read);
  CPPUNIT_TEST(lets_any_origin_read_where_told_so);
  CPPUNIT_TEST(answers_a_preflight);
  CPPUNIT_TEST_SUITE_END();

  static Response added(std::vector<std::string> origins, const CgiParams& params,
                        const char* method = "GET") {
    auto response = Response::empty().set("Allow", "GET, HEAD, OPTIONS");
    Cors(std::move(origins)).add(request(method, "/api/v1/stats", params), response);
    return response;
  }
  const CgiParams from_example_ = {{"HTTP_ORIGIN", "https://example.org"}};

 public:
  void says_nothing_unless_it_was_configured() {
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, added({}, from_example_).headers.size());
  }
  void lets_the_listed_origins_read() {
    const std::vector<std::string> origins = {"https://example.com", "https://example.org"};
    const auto listed = added(origins, from_example_);
    CPPUNIT_ASSERT(listed.header("Access-Control-Allow-Origin") == "https://example.org");
    CPPUNIT_ASSERT(listed.header("Vary") == "Origin");
    CPPUNIT_ASSERT(!listed.header("Access-Control-Allow-Methods"));
    for (const char* other :
         {"https://example.net", "http://example.org", "null", "https://example.org.evil"}) {
      const auto refused = added(origins, {{"HTTP_ORIGIN", other}});
      CPPUNIT_ASSERT_MESSAGE(other, !refused.header("Access-Control-Allow-Origin"));
      CPPUNIT_ASSERT(refused.header("Vary") == "Origin");
    }
    CPPUNIT_ASSERT(added(origins, {}).header("Vary") == "Origin");
  }
  void lets_any_origin_read_where_told_so() {
    const auto any = added({"*"}, from_example_);
    CPPUNIT_ASSERT(any.header("Access-Control-Allow-Origin") == "*");
    CPPUNIT_ASSERT(!any.header("Vary"));
  }
  void answers_a_preflight() {
    CgiParams params = from_example_;
    params.emplace_back("HTTP_ACCESS_CONTROL_REQUEST_METHOD", "GET");
    const auto answer = added({"https://example.org"}, params, "OPTIONS");
    CPPUNIT_ASSERT(answer.header("Access-Control-Allow-Methods") == "GET, HEAD, OPTIONS");
    CPPUNIT_ASSERT(answer.header("Access-Control-Allow-Headers")->find("Authorization") !=
                   std::string_view::npos);
    CPPUNIT_ASSERT(answer.header("Access-Control-Max-Age"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(CorsTest);
