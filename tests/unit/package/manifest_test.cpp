// SPDX-License-Identifier: MIT
#include "libwharf/package/manifest.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <functional>

#include "libwharf/base/error.hpp"

using namespace wharf;

class ManifestTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ManifestTest);
  CPPUNIT_TEST(reads_a_whole_synapse_manifest);
  CPPUNIT_TEST(reads_a_whole_raven_manifest);
  CPPUNIT_TEST(reads_a_whole_vais_manifest);
  CPPUNIT_TEST(reads_wharf_manifests_of_all_three_shapes);
  CPPUNIT_TEST(description_is_required_in_synapse_alone);
  CPPUNIT_TEST(empty_and_null_count_as_missing);
  CPPUNIT_TEST(a_bare_requirement_belongs_to_the_dialect);
  CPPUNIT_TEST(a_dependency_that_others_could_not_install_is_refused);
  CPPUNIT_TEST(a_table_without_version_means_any_in_vais_alone);
  CPPUNIT_TEST(dev_tables_have_the_names_that_each_dialect_reads);
  CPPUNIT_TEST(unknown_keys_are_ignored);
  CPPUNIT_TEST(refusals_name_file_key_and_rule);
  CPPUNIT_TEST(toml_refusals_name_the_line);
  CPPUNIT_TEST(each_limit_holds_at_its_last_value_and_not_beyond);
  CPPUNIT_TEST(urls_are_web_addresses);
  CPPUNIT_TEST(deep_nesting_costs_a_refusal_not_the_stack);
  CPPUNIT_TEST(what_json_cannot_hold_is_no_obstacle_in_ignored_keys);
  CPPUNIT_TEST(the_stored_form_goes_both_ways);
  CPPUNIT_TEST(a_damaged_stored_form_is_our_error);
  CPPUNIT_TEST(file_names_and_dialect_names_are_known);
  CPPUNIT_TEST_SUITE_END();

  using Texts = std::vector<std::string>;

  static std::string refusal(std::string_view file, const std::string& text,
                             Code code = Code::manifest_invalid) {
    try {
      parse_manifest(file, text);
    } catch (const Error& error) {
      CPPUNIT_ASSERT_EQUAL_MESSAGE(error.public_message(), std::string(code_name(code)),
                                   std::string(code_name(error.code())));
      return error.public_message();
    }
    return "accepted";
  }
  static std::string repeated(int count, const std::function<std::string(int)>& one) {
    std::string out;
    for (int i = 0; i < count; ++i) out += one(i);
    return out;
  }
  static std::string synapse(const std::string& more) {
    return R"({"name": "geo-kit", "version": "1.0.0", "description": "d")" +
           (more.empty() ? "" : ", " + more) + "}";
  }
  static std::string toml(const std::string& more) {
    return "[package]\nname = \"geo-kit\"\nversion = \"1.0.0\"\n" + more;
  }
  static std::string requirement_of(const Manifest& manifest, std::string_view name) {
    for (const auto& dependency : manifest.dependencies)
      if (dependency.name == name) return dependency.requirement;
    return "none";
  }

 public:
  void reads_a_whole_synapse_manifest() {
    const Manifest m = parse_manifest("synapse.json", R"({
      "name": "geo-kit", "version": "1.4.0-rc.1+x", "description": "Shapes\r\n  and\tplaces", "author": "Ada <ada@example.org>",
      "license": "MIT", "homepage": "https://example.org", "keywords": ["Geo", "maps", "geo"],
      "repository": {"type": "git", "url": "https://example.org/geo.git"}, "main": "src/main.syn", "scripts": {"x": 1},
      "dependencies": {"num_core": "0.9.1", "a-b": "^1.2"}, "devDependencies": {"test-kit": "*"}})");
    CPPUNIT_ASSERT(m.dialect == Dialect::synapse);
    CPPUNIT_ASSERT_EQUAL(std::string("geo-kit"), m.name);
    CPPUNIT_ASSERT_EQUAL(std::string("1.4.0-rc.1+x"), m.version);
    CPPUNIT_ASSERT_EQUAL(std::string("Shapes  and places"), m.description.value());
    CPPUNIT_ASSERT(m.authors == Texts{"Ada <ada@example.org>"});
    CPPUNIT_ASSERT_EQUAL(std::string("MIT"), m.license.value());
    CPPUNIT_ASSERT_EQUAL(std::string("https://example.org"), m.homepage.value());
    CPPUNIT_ASSERT_EQUAL(std::string("https://example.org/geo.git"), m.repository.value());
    CPPUNIT_ASSERT(!m.documentation);
    CPPUNIT_ASSERT(m.keywords == (Texts{"geo", "maps"}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, m.dependencies.size());
    CPPUNIT_ASSERT_EQUAL(std::string("a-b"), m.dependencies[0].name);
    CPPUNIT_ASSERT_EQUAL(std::string("^1.2.0"), m.dependencies[0].requirement);
    CPPUNIT_ASSERT_EQUAL(std::string("=0.9.1"), m.dependencies[1].requirement);
    CPPUNIT_ASSERT_EQUAL(std::string("test-kit"), m.dependencies[2].name);
    CPPUNIT_ASSERT(m.dependencies[2].kind == Dependency::Kind::dev);
    CPPUNIT_ASSERT_EQUAL(std::string(">=0.0.0"), m.dependencies[2].requirement);
    const Manifest text = parse_manifest("synapse.json", synapse(R"("repository": "http://example.org/r")"));
    CPPUNIT_ASSERT_EQUAL(std::string("http://example.org/r"), text.repository.value());
  }
  void reads_a_whole_raven_manifest() {
    const Manifest m = parse_manifest("raven.toml", R"([package]
name = "sky-ui"
version = "1.2.0"
authors = ["Ada", "Grace"]
description = """
Windows
in the sky"""
license = "MIT OR Apache-2.0"
repository = "https://example.org/sky"
homepage = ""
keywords = ["UI"]
edition = 2025

[dependencies]
sky-core = "1.0"
sky-net = { version = "~1.2", features = ["tls", "http2"], optional = true }

[dev-dependencies]
sky-test = { version = "=1.0.0", git = "https://example.org/t.git", branch = "main" }

[build]
target = "wasm32-unknown-unknown"

[features]
default = ["tls"]
tls = []
)");
    CPPUNIT_ASSERT(m.dialect == Dialect::raven);
    CPPUNIT_ASSERT(m.authors == (Texts{"Ada", "Grace"}));
    CPPUNIT_ASSERT_EQUAL(std::string("Windows in the sky"), m.description.value());
    CPPUNIT_ASSERT(!m.homepage);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, m.dependencies.size());
    CPPUNIT_ASSERT_EQUAL(std::string("^1.0.0"), m.dependencies[0].requirement);
    CPPUNIT_ASSERT_EQUAL(std::string("~1.2.0"), m.dependencies[1].requirement);
    CPPUNIT_ASSERT(m.dependencies[1].optional);
    CPPUNIT_ASSERT(m.dependencies[1].features == (Texts{"tls", "http2"}));
    CPPUNIT_ASSERT(!m.dependencies[0].optional && !m.dependencies[0].target);
    CPPUNIT_ASSERT_EQUAL(std::string("=1.0.0"), m.dependencies[2].requirement);
    CPPUNIT_ASSERT(m.features == (std::map<std::string, Texts>{{"default", {"tls"}}, {"tls", {}}}));
  }
  void reads_a_whole_vais_manifest() {
    const Manifest m = parse_manifest("vais.toml", R"([package]
name = "grid_core"
version = "0.5.2"
authors = ["Ada"]
description = "Grids"
license = "MIT"
categories = ["Science", "math"]

[dependencies]
cells = "1.2.3"
lines = { version = "0.3", path = "../lines", features = [] }

[dev-dependencies]
checks = "0.1"

[native-dependencies]
zlib = { libs = ["z"], system = true }

[build]
opt_level = 2

[workspace]
members = ["a/*"]
)");
    CPPUNIT_ASSERT(m.dialect == Dialect::vais);
    CPPUNIT_ASSERT(m.categories == (Texts{"science", "math"}));
    CPPUNIT_ASSERT_EQUAL(std::string("^1.2.3"), requirement_of(m, "cells"));
    CPPUNIT_ASSERT_EQUAL(std::string("^0.3.0"), requirement_of(m, "lines"));
    CPPUNIT_ASSERT_EQUAL(std::string("^0.1.0"), requirement_of(m, "checks"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, m.dependencies.size());
  }
  void reads_wharf_manifests_of_all_three_shapes() {
    const Manifest expected = parse_manifest("wharf.toml", R"([package]
name = "hull"
version = "2.0.0"
author = "Ada"
documentation = "https://example.org/doc"
[dependencies]
keel = {version = "1", target = "unix"}
[dev-dependencies]
mast = "2"
[features]
sail = ["keel"]
)");
    CPPUNIT_ASSERT(expected.dialect == Dialect::native);
    CPPUNIT_ASSERT(expected.authors == Texts{"Ada"});
    CPPUNIT_ASSERT_EQUAL(std::string("unix"), expected.dependencies[0].target.value());
    const std::string rest =
        R"("dependencies": {"keel": {"version": "1", "target": "unix"}}, "features": {"sail": ["keel"]})";
    const std::string about =
        R"("name": "hull", "version": "2.0.0", "authors": ["Ada"], "documentation": "https://example.org/doc")";
    CPPUNIT_ASSERT(expected ==
                   parse_manifest("wharf.json", "{\"package\": {" + about +
                                                    "}, \"dev-dependencies\": {\"mast\": \"2\"}, " + rest +
                                                    "}"));
    for (const std::string dev : {"devDependencies", "dev-dependencies", "dev_dependencies"})
      CPPUNIT_ASSERT(expected == parse_manifest("wharf.json", "{" + about + ", \"" + dev +
                                                                  "\": {\"mast\": \"2\"}, " + rest + "}"));
  }
  void description_is_required_in_synapse_alone() {
    CPPUNIT_ASSERT_EQUAL(std::string("'synapse.json': 'description' is missing; it must be text"),
                         refusal("synapse.json", R"({"name": "a", "version": "1.0.0"})"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("'synapse.json': 'description' is empty"),
        refusal("synapse.json", R"({"name": "a", "version": "1.0.0", "description": " \n "})"));
    for (const char* file : {"raven.toml", "vais.toml", "wharf.toml"})
      CPPUNIT_ASSERT(!parse_manifest(file, toml("")).description);
    CPPUNIT_ASSERT(!parse_manifest("wharf.json", R"({"name": "a", "version": "1.0.0"})").description);
  }
  void empty_and_null_count_as_missing() {
    const Manifest m = parse_manifest(
        "synapse.json", synapse(R"("author": "", "license": null, "homepage": "", "repository": null,
      "keywords": ["", "x"], "dependencies": null, "devDependencies": {}, "documentation": " ")"));
    CPPUNIT_ASSERT(m.authors.empty() && !m.license && !m.homepage && !m.repository && !m.documentation);
    CPPUNIT_ASSERT(m.keywords == Texts{"x"});
    CPPUNIT_ASSERT(m.dependencies.empty());
  }
  void a_bare_requirement_belongs_to_the_dialect() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("=1.2.3"),
        requirement_of(parse_manifest("synapse.json", synapse(R"("dependencies": {"a": "1.2.3"})")), "a"));
    for (const char* file : {"raven.toml", "vais.toml", "wharf.toml"})
      CPPUNIT_ASSERT_EQUAL(std::string("^1.2.3"),
                           requirement_of(parse_manifest(file, toml("[dependencies]\na = '1.2.3'")), "a"));
  }
  void a_dependency_that_others_could_not_install_is_refused() {
    const std::pair<std::string, std::string> rows[] = {{"path = '../a'", "path"},
                                                        {"git = 'https://example.org/a'", "git"},
                                                        {"workspace = true", "workspace"}};
    for (const char* file : {"raven.toml", "vais.toml", "wharf.toml"})
      for (const auto& [table, source] : rows) {
        CPPUNIT_ASSERT_EQUAL(
            "'" + std::string(file) + "': dependency 'a' has a '" + source +
                "' and no 'version', so others could not install it; add the version requirement to publish "
                "it by",
            refusal(file, toml("[dependencies]\na = {" + table + "}"), Code::dependency_not_publishable));
        CPPUNIT_ASSERT_EQUAL(
            std::string("=1.0.0"),
            requirement_of(
                parse_manifest(file, toml("[dependencies]\na = {version = '=1.0.0', " + table + "}")), "a"));
      }
  }
  void a_table_without_version_means_any_in_vais_alone() {
    const std::string text = toml("[dependencies]\na = {features = ['x'], workspace = false}");
    CPPUNIT_ASSERT_EQUAL(std::string(">=0.0.0"), requirement_of(parse_manifest("vais.toml", text), "a"));
    CPPUNIT_ASSERT_EQUAL(std::string("'raven.toml': 'dependencies.a' has no 'version'"),
                         refusal("raven.toml", text));
    CPPUNIT_ASSERT_EQUAL(std::string("'wharf.toml': 'dependencies.a' has no 'version'"),
                         refusal("wharf.toml", text));
  }
  void dev_tables_have_the_names_that_each_dialect_reads() {
    const std::string both = toml("[dev-dependencies]\na = '1'\n[dev_dependencies]\nb = '1'");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, parse_manifest("raven.toml", both).dependencies.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, parse_manifest("vais.toml", both).dependencies.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, parse_manifest("wharf.toml", both).dependencies.size());
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "'vais.toml': 'dev_dependencies.a' is there twice, under another name of the table; keep one"),
        refusal("vais.toml", toml("[dev-dependencies]\na = '1'\n[dev_dependencies]\na = '1'")));
    // One name may well be a dependency and a dev dependency.
    CPPUNIT_ASSERT_EQUAL(
        std::size_t{2},
        parse_manifest("vais.toml", toml("[dependencies]\na = '1'\n[dev-dependencies]\na = '2'"))
            .dependencies.size());
  }
  void unknown_keys_are_ignored() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("accepted"),
        refusal("synapse.json", synapse(R"("scripts": [1, {"x": null}], "features": 7, "files": "x")")));
    CPPUNIT_ASSERT_EQUAL(std::string("accepted"),
                         refusal("vais.toml", toml("readme = 7\n[[bin]]\nname = 'x'\n[profile.dev]\nx = 1")));
  }
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
      CPPUNIT_ASSERT_EQUAL("'synapse.json': 'homepage' is '" + std::string(bad) +
                               "'; expected a URL that begins with 'https://' or 'http://'",
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
  void the_stored_form_goes_both_ways() {
    Manifest m = parse_manifest("wharf.toml", R"([package]
name = "hull"
version = "2.0.0+b"
description = "größer \"than\" \\ life 😀"
license = "MIT"
homepage = "https://example.org/h"
repository = "https://example.org/r"
documentation = "https://example.org/d"
authors = ["Ada", "Bob"]
keywords = ["b", "a"]
categories = ["z"]
[dependencies]
keel = {version = "1", target = "unix", optional = true, features = ["x", "y"]}
[dev-dependencies]
mast = "2"
[features]
sail = ["keel"]
none = []
)");
    for (const Dialect dialect : {Dialect::native, Dialect::synapse, Dialect::raven, Dialect::vais}) {
      m.dialect = dialect;
      json::Writer writer;
      write_manifest(writer, m);
      const auto document = json::parse(writer.text());
      CPPUNIT_ASSERT(m == manifest_from_json(document.root()));
    }
    const Manifest least = parse_manifest("raven.toml", toml(""));
    json::Writer writer;
    write_manifest(writer, least);
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            R"({"dialect":"raven","name":"geo-kit","version":"1.0.0","description":null,"license":null,"homepage":null,)"
            R"("repository":null,"documentation":null,"authors":[],"keywords":[],"categories":[],"dependencies":[],"features":{}})"),
        writer.text());
    CPPUNIT_ASSERT(least == manifest_from_json(json::parse(writer.text()).root()));
  }
  void a_damaged_stored_form_is_our_error() {
    json::Writer writer;
    write_manifest(writer,
                   parse_manifest("wharf.toml", toml("[dependencies]\na = '1'\n[features]\nx = ['y']")));
    const std::string whole = writer.text();
    const std::pair<std::string, std::string> rows[] = {{"\"native\"", "\"latin\""},
                                                        {"\"native\"", "7"},
                                                        {"\"authors\":[]", "\"authors\":[7]"},
                                                        {"\"authors\":[]", "\"authors\":{}"},
                                                        {"\"normal\"", "\"odd\""},
                                                        {"false", "0"},
                                                        {"\"license\":null", "\"license\":7"},
                                                        {"{\"x\":[\"y\"]}", "[]"},
                                                        {"[\"y\"]", "\"y\""},
                                                        {"\"features\":[]", "\"f\":[]"}};
    for (const auto& [from, to] : rows) {
      std::string damaged = whole;
      const auto at = damaged.find(from);
      CPPUNIT_ASSERT_MESSAGE(from, at != std::string::npos);
      damaged.replace(at, from.size(), to);
      const auto document = json::parse(damaged);
      try {
        manifest_from_json(document.root());
        CPPUNIT_FAIL(damaged);
      } catch (const Error& error) {
        CPPUNIT_ASSERT(error.code() == Code::internal_error);
        CPPUNIT_ASSERT(error.detail().find("stored") != std::string::npos);
      }
    }
  }
  void file_names_and_dialect_names_are_known() {
    const std::pair<const char*, Dialect> rows[] = {{"native", Dialect::native},
                                                    {"synapse", Dialect::synapse},
                                                    {"raven", Dialect::raven},
                                                    {"vais", Dialect::vais}};
    for (const auto& [name, dialect] : rows) {
      CPPUNIT_ASSERT_EQUAL(std::string(name), std::string(dialect_name(dialect)));
      CPPUNIT_ASSERT(dialect_from(name) == dialect);
    }
    CPPUNIT_ASSERT(!dialect_from("latin"));
    CPPUNIT_ASSERT(dialect_of_file("synapse.json") == Dialect::synapse);
    CPPUNIT_ASSERT(dialect_of_file("wharf.json") == Dialect::native);
    CPPUNIT_ASSERT(!dialect_of_file("Synapse.json"));
    CPPUNIT_ASSERT(bare_meaning(Dialect::synapse) == Bare::exact);
    CPPUNIT_ASSERT(bare_meaning(Dialect::vais) == Bare::caret);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ManifestTest);
