// SPDX-License-Identifier: MIT
// Where a command works, for which language, against which registry.
#include "client/program/session.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "client/program/configuration.hpp"
#include "libwharf/base/error.hpp"
#include "tests/unit/client/home.hpp"

using namespace wharf;
using namespace wharf::client;

namespace {

std::string registry(std::string_view typed, const char* profile = "wharf") {
  try {
    return registry_from(typed, find_profile(profile), "/srv/boat");
  } catch (const command::UsageError& error) {
    return error.what();
  }
}

std::string by(const ChosenProfile& chosen) {
  return chosen.name + " by " + chosen.by;
}

}  // namespace

class SessionTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SessionTest);
  CPPUNIT_TEST(chooses_the_profile_in_order);
  CPPUNIT_TEST(takes_the_nearest_manifest);
  CPPUNIT_TEST(reads_registries_in_one_form);
  CPPUNIT_TEST(keeps_the_rest_of_the_configuration);
  CPPUNIT_TEST(refuses_a_configuration_that_cannot_be);
  CPPUNIT_TEST_SUITE_END();

 public:
  void tearDown() override { program_started_as("wharf"); }

  void chooses_the_profile_in_order() {
    const test::Home home;
    CPPUNIT_ASSERT_EQUAL(std::string("wharf by default"), by(choose_profile("", home.folder)));
    const auto manifest = home.write("boat/vais.toml", "");
    CPPUNIT_ASSERT_EQUAL("vais by the manifest '" + manifest.native() + "'",
                         by(choose_profile("", home.folder / "boat")));
    CPPUNIT_ASSERT_EQUAL(std::string("raven-pkg"), std::string(program_started_as("/usr/bin/raven-pkg")));
    CPPUNIT_ASSERT_EQUAL(std::string("raven by the program's name"),
                         by(choose_profile("", home.folder / "boat")));
    ::setenv("WHARF_PROFILE", "synapse", 1);
    CPPUNIT_ASSERT_EQUAL(std::string("synapse by WHARF_PROFILE"),
                         by(choose_profile("", home.folder / "boat")));
    CPPUNIT_ASSERT_EQUAL(std::string("x by --profile"), by(choose_profile("x", home.folder / "boat")));
    // A name that means no profile is just a name.
    CPPUNIT_ASSERT_EQUAL(std::string("wharf"), std::string(program_started_as("apk-pkg")));
    CPPUNIT_ASSERT_EQUAL(std::string("wharf"), std::string(program_started_as(nullptr)));
  }

  void takes_the_nearest_manifest() {
    const test::Home home;
    home.write("a/raven.toml", "");
    home.write("a/b/synapse.json", "{}");
    home.write("a/b/c/x", "");
    CPPUNIT_ASSERT_EQUAL(std::string("synapse"), choose_profile("", home.folder / "a/b/c").name);
    CPPUNIT_ASSERT_EQUAL(std::string("raven"), choose_profile("", home.folder / "a").name);
    home.write(".config/wharf/profiles/kelp.toml", "[manifest]\nfile = 'raven.toml'");
    CPPUNIT_ASSERT_EQUAL_MESSAGE("the user's own come first", std::string("kelp"),
                                 choose_profile("", home.folder / "a").name);
  }

  void reads_registries_in_one_form() {
    const test::Home home;
    const std::pair<const char*, const char*> cases[] = {
        {"https://Example.org/", "https://example.org"},
        {"https://example.org/api/v1/", "https://example.org"},
        {"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
        {"https://example.org/sub/api/v1", "https://example.org/sub"},
        {"file:///srv/mirror/", "file:///srv/mirror"},
        {"/srv/mirror", "file:///srv/mirror"},
        {"./mirror", "file:///srv/boat/mirror"},
        {"../mirror", "file:///srv/mirror"},
        {"", ""}};
    for (const auto& [typed, base] : cases) CPPUNIT_ASSERT_EQUAL(std::string(base), registry(typed));
    CPPUNIT_ASSERT_EQUAL(std::string("https://example.org"),
                         registry("https://example.org/raven/api/v1", "raven"));
    CPPUNIT_ASSERT_EQUAL(std::string("https://example.org/raven"),
                         registry("https://example.org/raven", "vais"));
    for (const char* wrong :
         {"example.org", "ftp://example.org", "https://", "file://host/x", "https://ada:x@example.org"})
      CPPUNIT_ASSERT_MESSAGE(wrong, registry(wrong).find("registry") != std::string::npos);
    CPPUNIT_ASSERT(registry("https://ada:hunter2@example.org").find("hunter2") == std::string::npos);
  }

  void keeps_the_rest_of_the_configuration() {
    const test::Home home;
    const auto file =
        home.write(".config/wharf/config.toml",
                   "# mine\njobs = 4 # few\n\n[registry]\n# ours\nraven = \"https://a.example.org\"\n");
    configure("timeout", "60");
    configure("registry.vais", "https://b.example.org");
    configure("jobs", "5");
    CPPUNIT_ASSERT_EQUAL(std::string("# mine\njobs = 5\ntimeout = 60\n\n[registry]\n# ours\nraven = "
                                     "\"https://a.example.org\"\nvais = \"https://b.example.org\"\n"),
                         *read_file(file));
    CPPUNIT_ASSERT(unset("registry.raven") && !unset("registry.raven"));
    CPPUNIT_ASSERT_EQUAL(std::string("5"), *configured("jobs"));
    CPPUNIT_ASSERT(!configured("ca_file"));
    const auto read = read_configuration();
    CPPUNIT_ASSERT_EQUAL(5u, read.jobs);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read.registries.size());
  }

  void refuses_a_configuration_that_cannot_be() {
    const test::Home home;
    CPPUNIT_ASSERT_THROW(configure("jobs", "0"), Error);
    CPPUNIT_ASSERT_THROW(configure("color", "blue"), Error);
    CPPUNIT_ASSERT_THROW(configure("job", "1"), command::UsageError);
    CPPUNIT_ASSERT_MESSAGE("nothing was written", !std::filesystem::exists(configuration_file()));
    const auto file = home.write("other.toml", "color = 'always'\njobz = 3\n");
    ::setenv("WHARF_CLIENT_CONFIG", file.c_str(), 1);
    try {
      read_configuration();
      CPPUNIT_FAIL("took it");
    } catch (const Error& error) {
      CPPUNIT_ASSERT_EQUAL("configuration '" + file.native() + "': 'jobz' is not a key; did you mean 'jobs'?",
                           error.public_message());
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SessionTest);
