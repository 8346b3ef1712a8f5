// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/client/manifest/projects.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

class ClientJsonEditTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientJsonEditTest);
  CPPUNIT_TEST(changes_a_requirement);
  CPPUNIT_TEST(adds_with_the_indentation_that_is_there);
  CPPUNIT_TEST(adds_to_one_line);
  CPPUNIT_TEST(makes_the_object_where_there_is_none);
  CPPUNIT_TEST(removes_with_the_right_comma);
  CPPUNIT_TEST(keeps_carriage_returns_and_the_end);
  CPPUNIT_TEST(writes_paths_where_the_language_has_them);
  CPPUNIT_TEST(is_not_misled_by_strings);
  CPPUNIT_TEST_SUITE_END();

  static std::string add(const std::string& text, std::string_view name, std::string_view requirement,
                         bool dev = false) {
    return with_dependency(project_of("synapse", text), find_profile("synapse"), name, requirement, dev);
  }
  static std::string drop(const std::string& text, std::string_view name) {
    return without_dependency(project_of("synapse", text), find_profile("synapse"), name);
  }
  static void same(std::string_view expected, const std::string& text) {
    CPPUNIT_ASSERT_EQUAL(std::string(expected), text);
  }

 public:
  void changes_a_requirement() {
    same("{\"dependencies\" : {\"a\":\"^2\"}}", add("{\"dependencies\" : {\"a\":\"1.0.0\"}}", "a", "^2"));
    same("{\"dependencies\": {\"a\": \"^2\"}}",
         add("{\"dependencies\": {\"\\u0061\": \"1.0.0\"}}", "a", "^2").replace(19, 6, "a"));
  }

  void adds_with_the_indentation_that_is_there() {
    same(
        "{\n    \"name\": \"x\",\n    \"dependencies\": {\n        \"a\": \"1\",\n        \"b\": \"^2\",\n   "
        "     \"c\": \"1\"\n    }\n}\n",
        add("{\n    \"name\": \"x\",\n    \"dependencies\": {\n        \"a\": \"1\",\n        \"c\": \"1\"\n "
            "   }\n}\n",
            "b", "^2"));
    same("{\n\t\"dependencies\": {\n\t\t\"a\": \"^2\",\n\t\t\"b\": \"1\"\n\t}\n}\n",
         add("{\n\t\"dependencies\": {\n\t\t\"b\": \"1\"\n\t}\n}\n", "a", "^2"));
    same("{\n  \"dependencies\": {\n    \"z\": \"1\",\n    \"a\": \"1\",\n    \"b\": \"^2\"\n  }\n}\n",
         add("{\n  \"dependencies\": {\n    \"z\": \"1\",\n    \"a\": \"1\"\n  }\n}\n", "b", "^2"));
    same("{\n  \"dependencies\": {\n    \"b\": \"^2\"\n  }\n}\n",
         add("{\n  \"dependencies\": {}\n}\n", "b", "^2"));
    same("{\n  \"dependencies\": {\n    \"b\": \"^2\"\n  }\n}\n",
         add("{\n  \"dependencies\": null\n}\n", "b", "^2"));
  }

  void adds_to_one_line() {
    same("{\"dependencies\": {\"a\": \"1\", \"b\": \"^2\"}}",
         add("{\"dependencies\": {\"a\": \"1\"}}", "b", "^2"));
    same("{\"dependencies\":{\"a\":\"1\",\"b\":\"^2\"}}", add("{\"dependencies\":{\"a\":\"1\"}}", "b", "^2"));
    same("{ \"dependencies\": { \"a\": \"^2\", \"b\": \"1\" } }",
         add("{ \"dependencies\": { \"b\": \"1\" } }", "a", "^2"));
    same("{\"dependencies\": {\"b\": \"^2\"}}", add("{\"dependencies\": {}}", "b", "^2"));
  }

  void makes_the_object_where_there_is_none() {
    same("{\n  \"name\": \"x\",\n  \"dependencies\": {\n    \"a\": \"1.0.0\"\n  }\n}\n",
         add("{\n  \"name\": \"x\"\n}\n", "a", "1.0.0"));
    same("{\n  \"dependencies\": {},\n  \"devDependencies\": {\n    \"a\": \"1.0.0\"\n  },\n  \"x\": 1\n}\n",
         add("{\n  \"dependencies\": {},\n  \"x\": 1\n}\n", "a", "1.0.0", true));
    same("{\"name\": \"x\", \"dependencies\": {\"a\": \"1.0.0\"}}", add("{\"name\": \"x\"}", "a", "1.0.0"));
    same("{\"dependencies\": {\"a\": \"1.0.0\"}}", add("{}", "a", "1.0.0"));
    same("{\n  \"dependencies\": {\n    \"a\": \"1.0.0\"\n  }\n}\n", add("{\n}\n", "a", "1.0.0"));
  }

  void removes_with_the_right_comma() {
    const std::string text = "{\n  \"dependencies\": {\n    \"a\": \"1\",\n    \"b\": \"1\"\n  }\n}\n";
    same("{\n  \"dependencies\": {\n    \"b\": \"1\"\n  }\n}\n", drop(text, "a"));
    same("{\n  \"dependencies\": {\n    \"a\": \"1\"\n  }\n}\n", drop(text, "b"));
    same("{\n  \"dependencies\": {}\n}\n", drop(drop(text, "b"), "a"));
    same("{\"dependencies\": {}, \"devDependencies\": {}}",
         drop("{\"dependencies\": {\"a\": \"1\"}, \"devDependencies\": {\"a\": \"1\"}}", "a"));
  }

  void keeps_carriage_returns_and_the_end() {
    same("{\r\n  \"dependencies\": {\r\n    \"a\": \"1\",\r\n    \"b\": \"^2\"\r\n  }\r\n}",
         add("{\r\n  \"dependencies\": {\r\n    \"a\": \"1\"\r\n  }\r\n}", "b", "^2"));
    same("{\r\n  \"dependencies\": {\r\n    \"b\": \"^2\"\r\n  }\r\n}",
         add("{\r\n  \"dependencies\": {}\r\n}", "b", "^2"));
  }

  void writes_paths_where_the_language_has_them() {
    const auto add_path = [](const std::string& profile, const std::string& file) {
      return with_path_dependency(project_of(profile, "{\"dependencies\": {}}", file), find_profile(profile),
                                  "a", "../a", "^1", false);
    };
    same("{\"dependencies\": {\"a\": {\"path\": \"../a\", \"version\": \"^1\"}}}",
         add_path("wharf", "wharf.json"));
    CPPUNIT_ASSERT(
        refusal_of([&] { add_path("synapse", "synapse.json"); }).starts_with("'synapse.json' knows no "));
  }

  void is_not_misled_by_strings() {
    const std::string text =
        "{\"description\": \"\\\"dependencies\\\": {\", \"x\": [{\"dependencies\": {\"b\": \"0\"}}, "
        "\"]}\"],\n"
        " \"scripts\": {\"dependencies\": {\"b\": \"}\"}}, \"dependencies\": {\"a\": \"1\"}}";
    same(
        "{\"description\": \"\\\"dependencies\\\": {\", \"x\": [{\"dependencies\": {\"b\": \"0\"}}, "
        "\"]}\"],\n"
        " \"scripts\": {\"dependencies\": {\"b\": \"}\"}}, \"dependencies\": {\"a\": \"1\", \"b\": \"^2\"}}",
        add(text, "b", "^2"));
    same(text, drop(add(text, "b", "^2"), "b"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientJsonEditTest);
