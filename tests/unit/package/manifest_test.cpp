// SPDX-License-Identifier: MIT
#include "libwharf/package/manifest.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"
#include "tests/unit/package/manifest_texts.hpp"

using namespace wharf;
using namespace wharf::test;

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
  CPPUNIT_TEST(the_stored_form_goes_both_ways);
  CPPUNIT_TEST(a_damaged_stored_form_is_our_error);
  CPPUNIT_TEST(file_names_and_dialect_names_are_known);
  CPPUNIT_TEST_SUITE_END();

  using Texts = std::vector<std::string>;

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
