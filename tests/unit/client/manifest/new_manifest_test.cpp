// SPDX-License-Identifier: MIT
#include "client/manifest/new_manifest.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/package/manifest.hpp"
#include "tests/unit/client/manifest/projects.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

class ClientNewManifestTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientNewManifestTest);
  CPPUNIT_TEST(a_registry_takes_it_as_it_is);
  CPPUNIT_TEST(has_the_languages_form);
  CPPUNIT_TEST(says_what_it_is_told);
  CPPUNIT_TEST(can_be_added_to);
  CPPUNIT_TEST(names_are_made_of_directories);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_registry_takes_it_as_it_is() {
    for (const auto name : built_in_names()) {
      const Profile profile = find_profile(name);
      const Manifest manifest =
          parse_manifest(profile.manifest_file, new_manifest_text(profile, {.name = "tide-tables"}));
      CPPUNIT_ASSERT_EQUAL(std::string("tide-tables"), manifest.name);
      CPPUNIT_ASSERT_EQUAL(std::string("0.1.0"), manifest.version);
      CPPUNIT_ASSERT_EQUAL(std::string("MIT"), manifest.license.value_or(""));
    }
    CPPUNIT_ASSERT_THROW(new_manifest_text(find_profile("raven"), {.name = "Not This"}), Error);
    CPPUNIT_ASSERT_THROW(new_manifest_text(find_profile("raven"), {.name = "a", .version = "1.0"}), Error);
  }

  void has_the_languages_form() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("[package]\nname = \"a\"\nversion = \"0.1.0\"\nauthors = []\nlicense = \"MIT\"\n\n"
                    "[dependencies]\n\n[dev-dependencies]\n"),
        new_manifest_text(find_profile("raven"), {.name = "a"}));
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "{\n  \"name\": \"a\",\n  \"version\": \"0.1.0\",\n  \"description\": \"The package a\",\n"
            "  \"author\": \"\",\n  \"license\": \"MIT\",\n  \"keywords\": [],\n"
            "  \"dependencies\": {},\n  \"devDependencies\": {}\n}\n"),
        new_manifest_text(find_profile("synapse"), {.name = "a"}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, new_project_files(find_profile("vais"), {.name = "a"}).size());
    CPPUNIT_ASSERT(new_project_files(find_profile("raven"), {.name = "a"}).empty());
  }

  void says_what_it_is_told() {
    for (const auto name : built_in_names()) {
      const Profile profile = find_profile(name);
      const Manifest manifest = parse_manifest(
          profile.manifest_file, new_manifest_text(profile, {.name = "a",
                                                             .version = "2.0.0-rc.1",
                                                             .description = "a \"quoted\" \\ one",
                                                             .license = "",
                                                             .authors = {"Ada", "Bob"}}));
      CPPUNIT_ASSERT_EQUAL(std::string("a \"quoted\" \\ one"), manifest.description.value_or(""));
      CPPUNIT_ASSERT((std::vector<std::string>{"Ada", "Bob"}) == manifest.authors);
      CPPUNIT_ASSERT(!manifest.license);
    }
  }

  void can_be_added_to() {
    for (const auto name : built_in_names()) {
      const Profile profile = find_profile(name);
      const Project project = project_of(std::string(name), new_manifest_text(profile, {.name = "a"}));
      const Project with =
          project_with(profile, project, with_dependency(project, profile, "b", "^1.0.0", false));
      const Project both =
          project_with(profile, project, with_dependency(with, profile, "c", "^1.0.0", true));
      CPPUNIT_ASSERT_EQUAL(std::size_t{2}, both.dependencies.size());
      const std::string one = without_dependency(both, profile, "c");
      CPPUNIT_ASSERT_EQUAL(project.text,
                           without_dependency(project_with(profile, project, one), profile, "b"));
    }
  }

  void names_are_made_of_directories() {
    CPPUNIT_ASSERT_EQUAL(std::string("tide-tables"), name_for_directory("/home/ada/Tide Tables/"));
    CPPUNIT_ASSERT_EQUAL(std::string("a.b_c"), name_for_directory("a.b_c"));
    CPPUNIT_ASSERT_EQUAL(std::string("a-b"), name_for_directory("--a--b--"));
    CPPUNIT_ASSERT_EQUAL(std::string("my-package"), name_for_directory("."));
    CPPUNIT_ASSERT_EQUAL(std::string("my-package"), name_for_directory("/"));
    CPPUNIT_ASSERT_EQUAL(std::string(64, 'a'), name_for_directory(std::string(100, 'a')));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientNewManifestTest);
