// SPDX-License-Identifier: MIT
// Where an archive keeps its manifest and its README.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/support/archive_verdict.hpp"

using namespace wharf;
using namespace wharf::test;

class ArchiveManifestPlaceTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ArchiveManifestPlaceTest);
  CPPUNIT_TEST(finds_each_configured_name_at_the_root);
  CPPUNIT_TEST(finds_synapse_in_the_one_top_directory);
  CPPUNIT_TEST(only_synapse_may_lie_in_a_directory_that_holds_everything);
  CPPUNIT_TEST(refuses_an_archive_without_a_manifest);
  CPPUNIT_TEST(refuses_two_manifests);
  CPPUNIT_TEST(knows_only_configured_names);
  CPPUNIT_TEST(holds_the_manifest_to_its_limit);
  CPPUNIT_TEST(takes_the_first_readme_that_is_one);
  CPPUNIT_TEST(takes_the_readme_beside_the_manifest);
  CPPUNIT_TEST(a_readme_too_large_or_not_text_is_none);
  CPPUNIT_TEST_SUITE_END();

  static void assert_verdict(const std::string& expected, const TarBuilder& tar, const std::string& what = "",
                             const ArchiveLimits& limits = {}) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, expected, verdict_of(tar, limits));
  }
  static ArchiveContents contents_of(const TarBuilder& tar) {
    return inspect_archive(file_of(gzip(tar.ended())).get(), {});
  }

 public:
  void finds_each_configured_name_at_the_root() {
    for (const char* name : {"synapse.json", "raven.toml", "vais.toml", "wharf.toml", "wharf.json"}) {
      const auto contents = contents_of(TarBuilder().file("src/a").file(name, "the text").file("z"));
      CPPUNIT_ASSERT_EQUAL(std::string(name), contents.manifest_file);
      CPPUNIT_ASSERT_EQUAL(std::string("the text"), contents.manifest_text);
      CPPUNIT_ASSERT_EQUAL(std::string(), contents.top_directory);
    }
  }

  void finds_synapse_in_the_one_top_directory() {
    for (const auto& tar :
         {TarBuilder().file("a-1.0.0/synapse.json", "{}").file("a-1.0.0/lib/x.syn"),
          TarBuilder().directory("a-1.0.0/").file("a-1.0.0/x").file("a-1.0.0/synapse.json", "{}"),
          TarBuilder().directory("./").file("./a-1.0.0/synapse.json", "{}")}) {
      const auto contents = contents_of(tar);
      CPPUNIT_ASSERT_EQUAL(std::string("synapse.json"), contents.manifest_file);
      CPPUNIT_ASSERT_EQUAL(std::string("{}"), contents.manifest_text);
      CPPUNIT_ASSERT_EQUAL(std::string("a-1.0.0"), contents.top_directory);
    }
  }

  void only_synapse_may_lie_in_a_directory_that_holds_everything() {
    assert_verdict("manifest_missing/manifest_place of a/wharf.toml", TarBuilder().file("a/wharf.toml"));
    assert_verdict("manifest_missing/manifest_place of a/synapse.json",
                   TarBuilder().file("a/synapse.json").file("b/c"), "two directories");
    assert_verdict("manifest_missing/manifest_place of a/synapse.json",
                   TarBuilder().file("loose").file("a/synapse.json"), "a file before");
    assert_verdict("manifest_missing/manifest_place of a/synapse.json",
                   TarBuilder().file("a/synapse.json").file("loose"), "a file after");
    assert_verdict("manifest_missing/manifest", TarBuilder().file("a/b/synapse.json"), "too deep");
  }

  void refuses_an_archive_without_a_manifest() {
    assert_verdict("manifest_missing/manifest", TarBuilder(), "nothing at all");
    assert_verdict("manifest_missing/manifest", TarBuilder().file("README.md").file("Wharf.toml"),
                   "another case");
    assert_verdict("manifest_missing/manifest", TarBuilder().directory("wharf.toml/"),
                   "a directory of that name");
  }

  void refuses_two_manifests() {
    assert_verdict("manifest_invalid/one_manifest of wharf.toml",
                   TarBuilder().file("vais.toml").file("wharf.toml"));
    const auto nested =
        contents_of(TarBuilder().file("vendor/synapse.json", "{}").file("wharf.toml", "root"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("another package inside is none of its manifests", std::string("root"),
                                 nested.manifest_text);
    const auto inside =
        contents_of(TarBuilder().file("a/wharf.toml", "not looked at").file("a/synapse.json", "{}"));
    CPPUNIT_ASSERT_EQUAL(std::string("{}"), inside.manifest_text);
  }

  void knows_only_configured_names() {
    ArchiveLimits limits;
    limits.manifest_names = {"raven.toml"};
    assert_verdict("accepted", TarBuilder().file("raven.toml").file("wharf.toml"), "", limits);
    assert_verdict("manifest_missing/manifest", TarBuilder().file("wharf.toml"), "", limits);
    assert_verdict("manifest_missing/manifest", TarBuilder().file("a/synapse.json"), "", limits);
  }

  void holds_the_manifest_to_its_limit() {
    const std::string most(256 << 10, ' ');
    assert_verdict("accepted", TarBuilder().file("wharf.toml", most));
    assert_verdict("manifest_invalid/manifest_bytes of wharf.toml",
                   TarBuilder().file("wharf.toml", most + " "));
    assert_verdict("accepted", TarBuilder().file("a/synapse.json", most));
    assert_verdict("manifest_invalid/manifest_bytes of a/synapse.json",
                   TarBuilder().file("a/synapse.json", most + " "));
    assert_verdict("accepted", TarBuilder().file("a/synapse.json", most + " ").file("wharf.toml"),
                   "not the manifest");
  }

  void takes_the_first_readme_that_is_one() {
    const auto readme = [](const TarBuilder& tar) { return contents_of(tar).readme_file.value_or("none"); };
    CPPUNIT_ASSERT_EQUAL(std::string("README.md"),
                         readme(package().file("README.txt").file("README").file("README.md")));
    CPPUNIT_ASSERT_EQUAL(std::string("README"), readme(package().file("README.txt").file("README")));
    CPPUNIT_ASSERT_EQUAL(std::string("README.txt"), readme(package().file("README.txt")));
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         readme(package().file("readme.md").file("README.rst").directory("README/")));
    CPPUNIT_ASSERT_EQUAL(std::string("README.txt"),
                         readme(package().file("README.md", "\xff").file("README.txt")));
  }

  void takes_the_readme_beside_the_manifest() {
    const auto nested = contents_of(TarBuilder().file("a/README.md", "größer").file("a/synapse.json", "{}"));
    CPPUNIT_ASSERT_EQUAL(std::string("größer"), nested.readme.value());
    CPPUNIT_ASSERT(!contents_of(package().file("docs/README.md", "x")).readme);
    CPPUNIT_ASSERT(!contents_of(TarBuilder().file("docs/README.md", "x").file("wharf.toml")).readme);
  }

  void a_readme_too_large_or_not_text_is_none() {
    const std::string most(512 << 10, 'r');
    CPPUNIT_ASSERT(contents_of(package().file("README.md", most)).readme == most);
    CPPUNIT_ASSERT(!contents_of(package().file("README.md", most + "r")).readme);
    CPPUNIT_ASSERT(!contents_of(package().file("README.md", "caf\xe9")).readme);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ArchiveManifestPlaceTest);
