// SPDX-License-Identifier: MIT
#include "fcgi-app/http/router.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>

#include "fcgi-app/http/application.hpp"
#include "tests/unit/http/requests.hpp"

using namespace wharf;
using namespace wharf::http;
using wharf::test::request;
using wharf::test::unparsed_request;

namespace {

struct Context {
  std::string trace;
};

Response show(Context& context, Request& asked) {
  std::string text(asked.matched.pattern);
  for (const auto& [name, value] : asked.matched.params)
    text.append(" ").append(name).append("=").append(value);
  context.trace += "show;";
  return Response::text(200, text);
}
Response refuse(Context&, Request&) {
  throw Error(Code::version_exists, "mylib 1.0.0 is already published").with("checksum", "ab");
}
Response fail(Context&, Request&) {
  throw std::runtime_error("SELECT secret FROM somewhere");
}
Response throw_a_number(Context&, Request&) {
  throw 7;
}
void guard(Context& context, Request& asked, const RouteSpec& spec) {
  context.trace += "guard;";
  if (spec.access != Access::anyone && !asked.bearer_token())
    throw Error(Code::unauthorized, "sign in first");
}

constexpr Route<Context> k_routes[] = {
    {{Method::get, "/"}, show},
    {{Method::get, "/packages/{name}"}, show},
    {{Method::get, "/packages/recent"}, show},
    {{Method::post, "/packages/publish", Access::publish, Takes::upload}, show},
    {{Method::get, "/packages/{name}/{version}"}, show},
    {{Method::put, "/packages/{name}/{version}", Access::publish, Takes::archive}, refuse},
    {{Method::del, "/packages/{name}/{version}", Access::yank}, show},
    {{Method::get, "/packages/{name}/versions"}, show},
    {{Method::get, "/packages/{name}/{version}.tar.gz"}, show},
    {{Method::get, "/packages/categories/{slug}"}, show},
    {{Method::get, "/only-vais", Access::anyone, Takes::nothing, in_vais}, show},
    {{Method::get, "/fail"}, fail},
    {{Method::get, "/number"}, throw_a_number},
};

}  // namespace

class RouterTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RouterTest);
  CPPUNIT_TEST(finds_the_most_particular_route);
  CPPUNIT_TEST(answers_head_wherever_get_is);
  CPPUNIT_TEST(says_which_methods_are_allowed);
  CPPUNIT_TEST(answers_options_everywhere);
  CPPUNIT_TEST(routes_may_belong_to_one_dialect);
  CPPUNIT_TEST(what_is_nowhere_is_not_found);
  CPPUNIT_TEST(refuses_tables_that_contradict_themselves);
  CPPUNIT_TEST(whatever_a_handler_throws_becomes_an_answer);
  CPPUNIT_TEST(the_guard_runs_before_the_handler);
  CPPUNIT_TEST(every_answer_carries_its_headers);
  CPPUNIT_TEST_SUITE_END();

  Context context_;
  Application<Context> application_{k_routes, context_, guard};

  std::string found(const std::string& method, const std::string& uri) {
    auto asked = request(method, uri, {{"HTTP_AUTHORIZATION", "Bearer x"}});
    const auto answer = application_(asked);
    return answer.status == 200 ? answer.body : std::to_string(answer.status);
  }

 public:
  void finds_the_most_particular_route() {
    CPPUNIT_ASSERT_EQUAL(std::string("/packages/{name} name=mylib"), found("GET", "/api/v1/packages/mylib"));
    CPPUNIT_ASSERT_EQUAL(std::string("/packages/recent"), found("GET", "/api/v1/packages/recent"));
    CPPUNIT_ASSERT_EQUAL(std::string("/packages/{name}/{version} name=a version=1.0.0"),
                         found("GET", "/vais/packages/a/1.0.0"));
    CPPUNIT_ASSERT_EQUAL(std::string("/packages/{name}/{version}.tar.gz name=a version=1.0.0"),
                         found("GET", "/packages/a/1.0.0.tar.gz"));
    CPPUNIT_ASSERT_EQUAL(std::string("/packages/{name}/{version} name=a version=.tar.gz"),
                         found("GET", "/packages/a/.tar.gz"));
    CPPUNIT_ASSERT_EQUAL(std::string("/packages/{name}/versions name=a"),
                         found("GET", "/raven/api/v1/packages/a/versions"));
    CPPUNIT_ASSERT_EQUAL(std::string("/packages/categories/{slug} slug=versions"),
                         found("GET", "/packages/categories/versions"));
    CPPUNIT_ASSERT_EQUAL(std::string("/"), found("GET", "/api/v1"));
    CPPUNIT_ASSERT_EQUAL(std::string("/"), found("GET", "/"));
  }
  void answers_head_wherever_get_is() {
    auto asked = request("HEAD", "/api/v1/packages/mylib");
    const auto answer = application_(asked);
    CPPUNIT_ASSERT_EQUAL(200, answer.status);
    CPPUNIT_ASSERT(answer.header("Content-Length") == "27");
    CPPUNIT_ASSERT(!sends_body(asked, answer));
  }
  void says_which_methods_are_allowed() {
    for (const char* method : {"POST", "PATCH", "BREW", "get"}) {
      auto asked = request(method, "/api/v1/packages/a/1.0.0");
      const auto answer = application_(asked);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(method, 405, answer.status);
      CPPUNIT_ASSERT(answer.header("Allow") == "GET, HEAD, PUT, DELETE, OPTIONS");
      CPPUNIT_ASSERT(answer.body.find("\"method_not_allowed\"") != std::string::npos);
    }
    CPPUNIT_ASSERT_EQUAL(std::string("405"), found("GET", "/api/v1/packages/publish"));
  }
  void answers_options_everywhere() {
    auto asked = request("OPTIONS", "/api/v1/packages/publish");
    const auto answer = application_(asked);
    CPPUNIT_ASSERT_EQUAL(204, answer.status);
    CPPUNIT_ASSERT(answer.header("Allow") == "POST, OPTIONS");
    CPPUNIT_ASSERT_EQUAL(std::string("404"), found("OPTIONS", "/api/v1/nowhere"));
  }
  void routes_may_belong_to_one_dialect() {
    CPPUNIT_ASSERT_EQUAL(std::string("/only-vais"), found("GET", "/vais/only-vais"));
    CPPUNIT_ASSERT_EQUAL(std::string("404"), found("GET", "/api/v1/only-vais"));
  }
  void what_is_nowhere_is_not_found() {
    for (const char* uri :
         {"/api/v1/nowhere", "/packages/a/b/c/d/e/f/g", "/synapse/packages/a/1.0.0/x", "/api/v1/packages"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(uri, std::string("404"), found("GET", uri));
    auto asked = unparsed_request("GET", "/api/v1/packages/a%2fb");
    CPPUNIT_ASSERT_EQUAL(400, application_(asked).status);
  }
  void refuses_tables_that_contradict_themselves() {
    CPPUNIT_ASSERT_THROW(Router({{Method::get, "/a/{x}"}, {Method::get, "/a/{y}"}}), std::logic_error);
    CPPUNIT_ASSERT_THROW(Router({{Method::get, "/a/{x"}}), std::logic_error);
    CPPUNIT_ASSERT_THROW(Router({{Method::get, "a"}}), std::logic_error);
    Router apart({{Method::get, "/a/{x}"},
                  {Method::put, "/a/{y}"},
                  {Method::get, "/b", Access::anyone, Takes::nothing, in_raven},
                  {Method::get, "/b", Access::anyone, Takes::nothing, in_vais}});
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, apart.specs().size());
  }
  void whatever_a_handler_throws_becomes_an_answer() {
    CPPUNIT_ASSERT_EQUAL(std::string("409"), found("PUT", "/api/v1/packages/a/1.0.0"));
    for (const char* uri : {"/api/v1/fail", "/api/v1/number"}) {
      auto asked = request("GET", uri);
      const auto answer = application_(asked);
      CPPUNIT_ASSERT_EQUAL(500, answer.status);
      CPPUNIT_ASSERT(answer.body.find("SELECT") == std::string::npos);
      CPPUNIT_ASSERT(answer.body.find("\"internal_error\"") != std::string::npos);
    }
  }
  void the_guard_runs_before_the_handler() {
    auto asked = request("DELETE", "/api/v1/packages/a/1.0.0");
    const auto answer = application_(asked);
    CPPUNIT_ASSERT_EQUAL(401, answer.status);
    CPPUNIT_ASSERT_EQUAL(std::string("guard;"), context_.trace);
    found("DELETE", "/api/v1/packages/a/1.0.0");
    CPPUNIT_ASSERT_EQUAL(std::string("guard;guard;show;"), context_.trace);
  }
  void every_answer_carries_its_headers() {
    for (const char* uri : {"/api/v1/packages/a", "/api/v1/fail", "/api/v1/nowhere", "/%"}) {
      auto asked = unparsed_request("GET", uri);
      const auto answer = application_(asked);
      CPPUNIT_ASSERT_MESSAGE(uri, answer.header("X-Request-Id") == "0123456789abcdef");
      CPPUNIT_ASSERT_MESSAGE(uri, answer.header("X-Content-Type-Options") == "nosniff");
      CPPUNIT_ASSERT_MESSAGE(uri, answer.header("Content-Length") == std::to_string(answer.body.size()));
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(RouterTest);
