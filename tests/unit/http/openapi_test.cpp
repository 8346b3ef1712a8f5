// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "fcgi-app/handlers/openapi_document.hpp"
#include "fcgi-app/handlers/routes.hpp"
#include "fcgi-app/http/status.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/value.hpp"

using namespace wharf;
using namespace wharf::handlers;
using http::Access, http::Method, http::RouteSpec, http::Takes;
using json::Value;

class OpenapiTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(OpenapiTest);
  CPPUNIT_TEST(describes_every_route_and_no_other);
  CPPUNIT_TEST(names_the_parameters_of_each_path);
  CPPUNIT_TEST(says_who_may_call);
  CPPUNIT_TEST(says_which_bodies_are_taken);
  CPPUNIT_TEST(says_something_of_every_error_code_and_no_other);
  CPPUNIT_TEST(has_every_error_answer_under_its_status);
  CPPUNIT_TEST(names_the_calls_that_answer_each_error_code);
  CPPUNIT_TEST(gives_each_call_a_name_of_its_own);
  CPPUNIT_TEST(says_where_the_registry_is);
  CPPUNIT_TEST(leaves_out_no_answer_that_is_refused);
  CPPUNIT_TEST_EXCEPTION(refuses_an_error_code_that_is_none, std::logic_error);
  CPPUNIT_TEST_EXCEPTION(refuses_to_be_the_same_as_nothing, std::logic_error);
  CPPUNIT_TEST_SUITE_END();

  static std::vector<RouteSpec> specs() {
    std::vector<RouteSpec> all;
    for (const auto& route : routes()) all.push_back(route.spec);
    return all;
  }
  static std::string key(Method method) { return fold(http::method_name(method)); }
  const json::Document document_ =
      json::parse(openapi_document(specs(), openapi_parts(), "https://packages.example"));

  Value operation(const RouteSpec& route) const {
    return document_.root()["paths"][route.pattern][key(route.method)];
  }
  Value resolved(Value value) const {
    const auto reference = value["$ref"].string();
    if (!reference) return value;
    Value found = document_.root();
    for (const auto step : split(reference->substr(2), '/')) found = found[step];
    return found;
  }
  static std::string name(const RouteSpec& route) {
    return std::string(http::method_name(route.method)) + " " + std::string(route.pattern);
  }
  static std::string all_codes() {
    std::string text;
#define WHARF_LIST(code) text += #code " ";
    WHARF_ERROR_CODES(WHARF_LIST)
#undef WHARF_LIST
    return text;
  }

 public:
  void describes_every_route_and_no_other() {
    std::set<std::string> expected, said, joined;
    for (const auto& route : specs()) expected.insert(key(route.method) + " " + std::string(route.pattern));
    CPPUNIT_ASSERT(expected.size() > 30);
    for (const auto& part : openapi_parts()) {
      if (!part.place.starts_with("paths/")) continue;
      const auto parsed = json::parse(part.text);
      parsed.root().each_member([&](std::string_view path, Value item) {
        item.each_member([&](std::string_view method, Value) {
          const bool first = said.insert(std::string(method) + " " + std::string(path)).second;
          CPPUNIT_ASSERT_MESSAGE(std::string(path) + " is described twice", first);
        });
      });
    }
    document_.root()["paths"].each_member([&](std::string_view path, Value item) {
      item.each_member([&](std::string_view method, Value) {
        joined.insert(std::string(method) + " " + std::string(path));
      });
    });
    for (const auto& one : expected)
      CPPUNIT_ASSERT_MESSAGE(one + " is not in docs/openapi", said.contains(one));
    for (const auto& one : said) CPPUNIT_ASSERT_MESSAGE(one + " is no route", expected.contains(one));
    CPPUNIT_ASSERT(joined == expected);
  }
  void names_the_parameters_of_each_path() {
    for (const auto& route : specs()) {
      std::set<std::string> in_path, listed;
      for (const auto segment : split(route.pattern, '/'))
        if (segment.starts_with("{")) in_path.emplace(segment.substr(1, segment.find('}') - 1));
      operation(route)["parameters"].each([&](Value given) {
        const Value parameter = resolved(given);
        CPPUNIT_ASSERT_MESSAGE(name(route), parameter["schema"]);
        if (parameter["in"].string() == "path") {
          CPPUNIT_ASSERT_MESSAGE(name(route), parameter["required"].boolean() == true);
          listed.emplace(*parameter["name"].string());
        }
      });
      CPPUNIT_ASSERT_MESSAGE(name(route), in_path == listed);
    }
  }
  void says_who_may_call() {
    const std::map<Access, std::string> expected = {
        {Access::anyone, ""},
        {Access::signed_in, "session, apiToken, "},
        {Access::session, "session, "},
        {Access::publish, "session, apiToken publish, "},
        {Access::yank, "session, apiToken yank, "},
        {Access::owners, "session, apiToken owners, "},
    };
    for (const auto& route : specs()) {
      std::string said;
      operation(route)["security"].each([&](Value choice) {
        choice.each_member([&](std::string_view scheme, Value scopes) {
          CPPUNIT_ASSERT(document_.root()["components"]["securitySchemes"][scheme]);
          said += scheme;
          scopes.each([&](Value scope) { said += " " + std::string(*scope.string()); });
          said += ", ";
        });
      });
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name(route), expected.at(route.access), said);
      const bool refuses =
          static_cast<bool>(operation(route)["responses"]["401"]["headers"]["WWW-Authenticate"]);
      CPPUNIT_ASSERT_MESSAGE(name(route), refuses || route.access == Access::anyone);
    }
  }
  void says_which_bodies_are_taken() {
    const std::map<Takes, std::string> expected = {
        {Takes::nothing, ""},
        {Takes::json, "application/json, required"},
        {Takes::optional_json, "application/json, "},
        {Takes::archive, "application/gzip, required"},
        {Takes::upload, "multipart/form-data, application/json, required"},
    };
    for (const auto& route : specs()) {
      const Value body = operation(route)["requestBody"];
      std::string said;
      body["content"].each_member([&](std::string_view type, Value) { said += std::string(type) + ", "; });
      if (body["required"].boolean() == true) said += "required";
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name(route), expected.at(route.takes), said);
    }
  }
  void says_something_of_every_error_code_and_no_other() {
    std::string told, table;
    for (const auto& part : openapi_parts()) {
      if (part.place != "errors") continue;
      const auto parsed = json::parse(part.text);
      parsed.root().each_member([&](std::string_view code, Value said) {
        told += std::string(code) + " ";
        CPPUNIT_ASSERT_MESSAGE(std::string(code), !said["summary"].string().value_or("").empty());
        CPPUNIT_ASSERT_MESSAGE(std::string(code), !said["message"].string().value_or("").empty());
        CPPUNIT_ASSERT_MESSAGE(std::string(code), said["details"]);
      });
    }
    const auto words = [](const std::string& text) {
      std::set<std::string> set;
      for (const auto word : split(text, ' ')) set.emplace(word);
      return set;
    };
    for (const auto& code : words(all_codes()))
      CPPUNIT_ASSERT_MESSAGE(code + " is not in docs/openapi/errors.json", words(told).contains(code));
    CPPUNIT_ASSERT(words(all_codes()) == words(told));
    document_.root()["x-error-codes"].each(
        [&](Value entry) { table += std::string(*entry["code"].string()) + " "; });
    CPPUNIT_ASSERT_EQUAL(all_codes(), table);
  }
  void has_every_error_answer_under_its_status() {
    std::map<std::string, std::int64_t> statuses;
    document_.root()["x-error-codes"].each(
        [&](Value entry) { statuses[std::string(*entry["code"].string())] = *entry["status"].integer(); });
    for (const auto& route : specs())
      operation(route)["responses"].each_member([&](std::string_view status, Value response) {
        response["content"]["application/json"]["schema"]["allOf"].each([&](Value schema) {
          schema["properties"]["error"]["enum"].each([&](Value code) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name(route), std::string(status),
                                         std::to_string(statuses.at(std::string(*code.string()))));
          });
        });
      });
  }
  void names_the_calls_that_answer_each_error_code() {
    // What the dialects alone answer, and what is always said as another code.
    std::set<std::string> elsewhere = {"already_owner", "already_yanked", "not_yanked",
                                       "requirement_invalid"};
    std::set<std::string> named;
    const auto collect = [&](Value response) {
      response["content"]["application/json"]["examples"].each_member(
          [&](std::string_view example, Value) { named.emplace(example); });
    };
    for (const auto& route : specs())
      operation(route)["responses"].each_member([&](std::string_view, Value response) { collect(response); });
    document_.root()["components"]["responses"].each_member(
        [&](std::string_view, Value one) { collect(one); });
    const std::string codes = all_codes();
    for (const auto code : split(trim(codes), ' '))
      CPPUNIT_ASSERT_MESSAGE(std::string(code),
                             named.contains(std::string(code)) != elsewhere.contains(std::string(code)));
  }
  void gives_each_call_a_name_of_its_own() {
    std::set<std::string> names;
    for (const auto& route : specs()) {
      const auto id = operation(route)["operationId"].string();
      CPPUNIT_ASSERT_MESSAGE(name(route), id && names.emplace(*id).second);
      CPPUNIT_ASSERT_MESSAGE(name(route), operation(route)["summary"].string());
      CPPUNIT_ASSERT_MESSAGE(name(route), !operation(route)["same as"] && !operation(route)["errors"]);
    }
  }
  void says_where_the_registry_is() {
    const auto url = [](const json::Document& document) {
      std::string found;
      document.root()["servers"].each([&](Value server) { found += *server["url"].string(); });
      return found;
    };
    CPPUNIT_ASSERT_EQUAL(std::string("https://packages.example/api/v1"), url(document_));
    CPPUNIT_ASSERT_EQUAL(std::string("/api/v1"),
                         url(json::parse(openapi_document(specs(), openapi_parts(), ""))));
    CPPUNIT_ASSERT(document_.root()["info"]["version"].string() == WHARF_VERSION);
  }
  void leaves_out_no_answer_that_is_refused() {
    for (const auto& route : specs())
      for (const char* status : {"400", "414", "429", "500", "502", "503", "504"})
        CPPUNIT_ASSERT_MESSAGE(name(route) + " " + status, operation(route)["responses"][status]);
  }

 private:
  static std::string joined_with(const char* paths) {
    std::vector<OpenapiPart> parts;
    for (const auto& part : openapi_parts())
      if (!part.place.starts_with("paths/")) parts.push_back(part);
    parts.push_back({"paths/tried", paths});
    const std::vector<RouteSpec> one = {{Method::get, "/tried"}};
    return openapi_document(one, parts, "");
  }

 public:
  void refuses_an_error_code_that_is_none() {
    joined_with(R"({"/tried": {"get": {"operationId": "a", "responses": {}, "errors": ["no_such_code"]}}})");
  }
  void refuses_to_be_the_same_as_nothing() {
    joined_with(R"({"/tried": {"get": {"same as": "/nowhere", "operationId": "a"}}})");
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(OpenapiTest);
