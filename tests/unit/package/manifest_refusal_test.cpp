// SPDX-License-Identifier: MIT
// What a manifest may not hold, and that the refusal says so.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/package/manifest_texts.hpp"

using namespace wharf;
using namespace wharf::test;

class ManifestRefusalTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ManifestRefusalTest);
  CPPUNIT_TEST(refusals_name_file_key_and_rule);
  CPPUNIT_TEST(toml_refusals_name_the_line);
  CPPUNIT_TEST(letters_that_are_not_ascii_are_no_spaces);
  CPPUNIT_TEST(a_header_without_a_name_is_refused);
  CPPUNIT_TEST(each_limit_holds_at_its_last_value_and_not_beyond);
  CPPUNIT_TEST(urls_are_web_addresses);
  CPPUNIT_TEST(deep_nesting_costs_a_refusal_not_the_stack);
  CPPUNIT_TEST(what_json_cannot_hold_is_no_obstacle_in_ignored_keys);
  CPPUNIT_TEST_SUITE_END();

 public:
  void refusals_name_file_key_and_rule() {
    const std::pair<std::string, std::string> in_synapse[] = {
        {R"({"version": "1.0.0"})", "'name' is missing; it must be text"},
        {R"({"name": null})", "'name' is missing; it must be text"},
        {R"({"name": 7})", "'name' must be text"},
        {R"({"name": ""})", "'name' is empty"},
        {R"({"name": " a"})", "'name' begins or ends with a space; leave it out"},
        {R"({"name": "Geo"})", "'name' is not valid: package name 'Geo' has capital letters; write 'geo'"},
        {R"({"name": "a"})", "'version' is missing; it must be text"},
        {R"({"name": "a", "version": "1.0"})",
         "'version' is not valid: version '1.0' has two parts; write 'major.minor.patch'"},
        {R"({"name": "a", "version": "1.0.0-x.tar.gz"})",
         "'version' is not valid: version '1.0.0-x.tar.gz' ends in '.tar.gz', which stands for the archive; "
         "choose another ending"},
        {synapse(R"("author": ["x"])"), "'author' must be text"},
        {synapse(R"("author": "a\nb")"), "'author' has control characters; leave them out"},
        {synapse(R"("authors": "x")"), "'authors' must be an array of texts"},
        {synapse(R"("keywords": "x")"), "'keywords' must be an array of texts"},
        {synapse(R"("keywords": ["x", 1])"), "'keywords' must be an array of texts"},
        {synapse(R"("repository": ["x"])"), "'repository' must be text"},
        {synapse(R"("repository": {"type": "git", "url": 1})"), "'repository.url' must be text"},
        {synapse(R"("dependencies": ["x"])"), "'dependencies' must be a table"},
        {synapse(R"("dependencies": {"a": 1})"), "'dependencies.a' must be a requirement, as \"^1.2.0\""},
        {synapse(R"("dependencies": {"a": {"version": "1"}})"),
         "'dependencies.a' must be a requirement, as \"^1.2.0\""},
        {synapse(R"("dependencies": {"A": "1"})"),
         "'dependencies.A' is not valid: package name 'A' has capital letters; write 'a'"},
        {synapse(R"("devDependencies": {"a": "latest"})"),
         "'devDependencies.a' is not valid: requirement 'latest' has 'l' where it should have its major "
         "number"},
    };
    for (const auto& [text, sentence] : in_synapse)
      CPPUNIT_ASSERT_EQUAL("'synapse.json': " + sentence, refusal("synapse.json", text));
    const std::pair<std::string, std::string> in_wharf[] = {
        {"x = 1", "'package' is missing; write a table '[package]' with 'name' and 'version'"},
        {"package = 1", "'package' must be a table"},
        {"[package]\nname = 'A'",
         "'package.name' is not valid: package name 'A' has capital letters; write 'a'"},
        {toml("[dependencies]\na = 1"),
         "'dependencies.a' must be a requirement, as \"^1.2.0\", or a table with a 'version'"},
        {toml("[dependencies]\na = {version = 1}"), "'dependencies.a.version' must be text"},
        {toml("[dependencies]\na = {version = '1', optional = 'x'}"),
         "'dependencies.a.optional' must be true or false"},
        {toml("[dependencies]\na = {version = '1', features = 'x'}"),
         "'dependencies.a.features' must be an array of texts"},
        {toml("[dependencies]\na = {version = '1', target = 1}"), "'dependencies.a.target' must be text"},
        {toml("[dependencies]\na = {version = '||'}"),
         "'dependencies.a.version' is not valid: requirement '||' has '|' where it should have its major "
         "number"},
        {toml("features = 1"), "accepted"},  // package.features is an unknown key
        {toml("[features]\nx = 1"), "'features.x' must be an array of texts"},
        {toml("[features]\n'x y' = []"),
         "'features.x y' is no name of a feature; use at most 128 letters, digits, '_', '-', '+', '.'"},
    };
    for (const auto& [text, sentence] : in_wharf)
      CPPUNIT_ASSERT_EQUAL(sentence == "accepted" ? sentence : "'wharf.toml': " + sentence,
                           refusal("wharf.toml", text));
    CPPUNIT_ASSERT(
        refusal("synapse.json", "{\"name\": \"a\", \"name\": \"b\"}").starts_with("'synapse.json': "));
    CPPUNIT_ASSERT_EQUAL(std::string("'synapse.json' must hold one JSON object"),
                         refusal("synapse.json", "[]"));
    CPPUNIT_ASSERT_EQUAL(std::string("'synapse.json' is not valid UTF-8"),
                         refusal("synapse.json", synapse("\"x\": \"\xff\"")));
    CPPUNIT_ASSERT_EQUAL(std::string("'raven.toml' is not valid UTF-8"),
                         refusal("raven.toml", toml("x = '\xc0\xaf'")));
    CPPUNIT_ASSERT(refusal("Cargo.toml", toml(""))
                       .starts_with("'Cargo.toml' is no manifest's name; expected synapse.json, "));
    try {
      parse_manifest("wharf.toml", toml("[dependencies]\na = {version = 1}"));
      CPPUNIT_FAIL("accepted");
    } catch (const Error& error) {
      CPPUNIT_ASSERT_EQUAL(std::string("key"), error.details().at(0).first);
      CPPUNIT_ASSERT_EQUAL(std::string("dependencies.a.version"), error.details().at(0).second);
    }
  }
  // The parser asserts that a key follows; a worker must not end with it.
  void a_header_without_a_name_is_refused() {
    for (const std::string header : {"[ {x]", "[=]", "[[ #", "[]", "[.a]", "  [ [a]]", "[ö]"})
      CPPUNIT_ASSERT_EQUAL(
          std::string("'vais.toml': line 6: a table's header must have its name after the '['"),
          refusal("vais.toml", toml("x = [\n  [ {a = 1} ] ]\n" + header)));
    CPPUNIT_ASSERT_EQUAL(
        std::string("accepted"),
        refusal("vais.toml", toml("x = [\n  [ ],\n  [{a = 1}] ]\n[[ 'y' ]]\n [ \"z\" . w ]")));
    CPPUNIT_ASSERT(refusal("vais.toml", toml("[")).starts_with("'vais.toml': line 4: "));
  }
  // The parser took these letters for impossible where it looks for spaces.
  void letters_that_are_not_ascii_are_no_spaces() {
    for (const std::string letter : {"é", "Ξ", "Ж", "\xc2\xa1", "日", "😀"}) {
      const Manifest m =
          parse_manifest("vais.toml", toml("description = \"\"\"a \\\n  " + letter + " b\"\"\" # " + letter));
      CPPUNIT_ASSERT_EQUAL("a " + letter + " b", m.description.value());
      CPPUNIT_ASSERT(refusal("vais.toml", toml("x " + letter + " = 1")).starts_with("'vais.toml': line 4: "));
      CPPUNIT_ASSERT(refusal("vais.toml", toml("x = " + letter)).starts_with("'vais.toml': line 4: "));
    }
  }
  void toml_refusals_name_the_line() {
    for (const char* last :
         {"x = ", "name = 'again'", "= 1", "[package]", "x = 'open", "x = 1 y = 2", "x = \"\\q\""}) {
      const std::string sentence = refusal("vais.toml", toml(last));
      CPPUNIT_ASSERT_MESSAGE(std::string(last) + ": " + sentence,
                             sentence.starts_with("'vais.toml': line 4: "));
      CPPUNIT_ASSERT_MESSAGE(
          sentence, sentence.find('\n') == std::string::npos && sentence.find("Error") == std::string::npos);
    }
  }
  void each_limit_holds_at_its_last_value_and_not_beyond() {
    using L = ManifestLimits;
    const auto list = [](int count, const std::string& one = "w") {
      return "[" +
             repeated(count, [&](int i) { return (i ? ", \"" : "\"") + one + std::to_string(i) + "\""; }) +
             "]";
    };
    const auto text = [](std::size_t length) { return "\"" + std::string(length, 'x') + "\""; };
    const auto url = [](std::size_t length) { return "\"https://" + std::string(length - 8, 'x') + "\""; };
    const auto dependencies = [](int count) {
      return "{" +
             repeated(count,
                      [](int i) { return (i ? ", \"d" : "\"d") + std::to_string(i) + "\": \"1.0.0\""; }) +
             "}";
    };
    struct Row {
      std::string key;
      std::function<std::string(int)> value;
      int most;
      std::string rule;
    };
    const Row rows[] = {
        {"description", text, L::description, "is longer than 4096 bytes"},
        {"license", text, L::license, "is longer than 100 bytes"},
        {"homepage", url, L::url, "is longer than 512 bytes"},
        {"repository", url, L::url, "is longer than 512 bytes"},
        {"documentation", url, L::url, "is longer than 512 bytes"},
        {"author", text, L::author, "is longer than 256 bytes"},
        {"authors", [&](int n) { return list(n); }, L::authors, "has more than 64 entries"},
        {"authors", [&](int n) { return "[" + text(static_cast<std::size_t>(n)) + "]"; }, L::author,
         "is longer than 256 bytes"},
        {"keywords", [&](int n) { return list(n); }, L::keywords, "has more than 20 entries"},
        {"keywords", [&](int n) { return "[" + text(static_cast<std::size_t>(n)) + "]"; },
         L::keyword_characters, "has '" + std::string(33, 'x') + "', which is longer than 32 characters"},
        {"categories", [&](int n) { return list(n); }, L::categories, "has more than 5 entries"},
        {"categories", [&](int n) { return "[" + text(static_cast<std::size_t>(n)) + "]"; },
         L::category_characters, "has '" + std::string(33, 'x') + "', which is longer than 32 characters"},
        {"dependencies", dependencies, L::dependencies, "brings the dependencies to more than 500"},
        {"features",
         [&](int n) {
           return "{" +
                  repeated(n, [](int i) { return (i ? ", \"f" : "\"f") + std::to_string(i) + "\": []"; }) +
                  "}";
         },
         L::features, "has more than 300 entries"},
    };
    for (const Row& row : rows) {
      const auto with = [&](int n) {
        return R"({"name": "a", "version": "1.0.0", ")" + row.key + "\": " + row.value(n) + "}";
      };
      CPPUNIT_ASSERT_EQUAL_MESSAGE(row.key, std::string("accepted"), refusal("wharf.json", with(row.most)));
      CPPUNIT_ASSERT_EQUAL("'wharf.json': '" + row.key + "' " + row.rule,
                           refusal("wharf.json", with(row.most + 1)));
    }
    const std::string wide = "[\"" + repeated(32, [](int) { return "ö"; }) + "\"]";
    CPPUNIT_ASSERT_EQUAL(std::string("accepted"), refusal("synapse.json", synapse("\"keywords\": " + wide)));
    CPPUNIT_ASSERT_EQUAL(
        std::string("'wharf.json': 'dev-dependencies' brings the dependencies to more than 500"),
        refusal("wharf.json", R"({"name": "a", "version": "1.0.0", "dependencies": )" + dependencies(300) +
                                  ", \"dev-dependencies\": " + dependencies(201) + "}"));
    const std::string full = synapse("\"x\": \"\"");
    const std::string filled =
        full.substr(0, full.size() - 2) + std::string(L::text - full.size(), 'x') + "\"}";
    CPPUNIT_ASSERT_EQUAL(std::string("accepted"), refusal("synapse.json", filled));
    CPPUNIT_ASSERT_EQUAL(std::string("'synapse.json' is larger than 256 KiB"),
                         refusal("synapse.json", filled + " "));
    // 32 comparators of one part become 64 of three.
    const std::string many = repeated(32, [](int i) { return std::string(i ? "," : "") + "=1"; });
    CPPUNIT_ASSERT_EQUAL(std::string("'synapse.json': 'dependencies.a' is too long when each comparator has "
                                     "three parts; write fewer comparators"),
                         refusal("synapse.json", synapse("\"dependencies\": {\"a\": \"" + many + "\"}")));
    const std::string long_name(65, 'x');
    CPPUNIT_ASSERT(refusal("synapse.json", synapse("\"dependencies\": {\"" + long_name + "\": \"1\"}"))
                       .ends_with(" is longer than 64 characters"));
  }
  void urls_are_web_addresses() {
    for (const char* good : {"https://example.org", "http://example.org:8080/a?b=c#d",
                             "HTTPS://EXAMPLE.org/~a/", "https://[::1]/x"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(
          good, std::string("accepted"),
          refusal("synapse.json", synapse("\"homepage\": \"" + std::string(good) + "\"")));
    for (const char* bad :
         {"example.org", "ftp://example.org", "javascript:alert(1)", "git@example.org:a/b.git", "https://",
          "https:///x", "https://:80", "https://a b", "https://größe.example", "https://a<b>"})
      CPPUNIT_ASSERT_EQUAL(
          "'synapse.json': 'homepage' is '" + std::string(bad) +
              "'; expected a URL that begins with 'https://' or 'http://', in ASCII without spaces",
          refusal("synapse.json", synapse("\"homepage\": \"" + std::string(bad) + "\"")));
  }
  void deep_nesting_costs_a_refusal_not_the_stack() {
    const auto deep = [](int n, const std::string& one) { return repeated(n, [&](int) { return one; }); };
    CPPUNIT_ASSERT(
        refusal("vais.toml", toml("x = " + deep(100000, "["))).starts_with("'vais.toml': line 4: "));
    CPPUNIT_ASSERT(
        refusal("vais.toml", toml("x = " + deep(60000, "{a="))).starts_with("'vais.toml': line 4: "));
    CPPUNIT_ASSERT_EQUAL(std::string("'vais.toml': line 4: a key has more than 16 parts"),
                         refusal("vais.toml", toml(deep(100000, "a.") + "a = 1")));
    CPPUNIT_ASSERT_EQUAL(std::string("'vais.toml': line 4: a key has more than 16 parts"),
                         refusal("vais.toml", toml("[" + deep(100000, "a.") + "a]")));
    CPPUNIT_ASSERT_EQUAL(
        std::string("'vais.toml': line 6: a key has more than 16 parts"),
        refusal("vais.toml", toml("x = '''\n.....................\n'''" + deep(20, " \"a\" . ") + "a = 1")));
    CPPUNIT_ASSERT(
        refusal("synapse.json", synapse("\"x\": " + deep(100000, "["))).starts_with("'synapse.json': "));
    // Dots in strings and comments are no keys.
    const std::string dots(40, '.');
    CPPUNIT_ASSERT_EQUAL(
        std::string("accepted"),
        refusal("vais.toml", toml("a.b.c.d = 1 # " + dots + "\nx = '" + dots + "'\ny = \"\\\"" + dots +
                                  "\"\nz = \"\"\"\n" + dots + "\"\"\"\"\"\nw = '''" + dots +
                                  "'''\nv = [1.5, 1.5, 1979-05-27T07:32:00.5Z]")));
  }
  void what_json_cannot_hold_is_no_obstacle_in_ignored_keys() {
    CPPUNIT_ASSERT_EQUAL(std::string("accepted"),
                         refusal("vais.toml", toml("a = inf\nb = -nan\nc = 9223372036854775807\nd = "
                                                   "1979-05-27\ne = 07:32:00\nf = 1.5\ng = true\n"
                                                   "h = 1979-05-27T07:32:00Z\ni = 42")));
    CPPUNIT_ASSERT_EQUAL(std::string("'vais.toml': 'package.license' must be text"),
                         refusal("vais.toml", toml("license = 1.5")));
    CPPUNIT_ASSERT_EQUAL(std::string("'vais.toml': 'package.license' must be text"),
                         refusal("vais.toml", toml("license = true")));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ManifestRefusalTest);
