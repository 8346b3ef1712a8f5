// SPDX-License-Identifier: MIT
// Damaged, hostile and newer lock files, and locks that do not answer the project.
#include <cppunit/extensions/HelperMacros.h>

#include <random>

#include "tests/unit/client/lock/locks.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

class ClientLockRefusalTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientLockRefusalTest);
  CPPUNIT_TEST(says_what_is_wrong_with_a_file);
  CPPUNIT_TEST(refuses_newer_formats);
  CPPUNIT_TEST(refuses_what_is_there_twice);
  CPPUNIT_TEST(a_cut_or_changed_file_is_refused_or_harmless);
  CPPUNIT_TEST(a_lock_that_lost_fields_is_incomplete);
  CPPUNIT_TEST(names_every_difference);
  CPPUNIT_TEST(knows_what_is_used_in_place);
  CPPUNIT_TEST(the_digest_is_of_what_is_required_alone);
  CPPUNIT_TEST_SUITE_END();

  static std::string refused(const std::string& profile, const std::string& text) {
    const Profile found = find_profile(profile);
    return refusal_of([&] { parse_lock(found, Path("/p") / found.lock_file, text); });
  }
  static void expect(const std::string& profile, const std::string& text, std::string_view beginning) {
    const std::string sentence = refused(profile, text);
    CPPUNIT_ASSERT_EQUAL(std::string(beginning), sentence.substr(0, beginning.size()));
  }
  static std::string ours(const std::string& packages) {
    return "version = 1\nrequirements = \"" + std::string(64, '0') + "\"\n" + packages;
  }
  static std::string package(const std::string& name, const std::string& rest = {}) {
    return "[[package]]\nname = \"" + name + "\"\nversion = \"1.0.0\"\nchecksum = \"" + std::string(64, 'a') +
           "\"\nregistry = \"https://example.org\"\n" + rest;
  }
  static std::string joined(const std::vector<std::string>& sentences) {
    std::string out;
    for (const auto& sentence : sentences) out += sentence + "\n";
    return out;
  }

 public:
  void says_what_is_wrong_with_a_file() {
    expect("wharf", "version = ", "'wharf.lock' is malformed: line 1: ");
    expect("synapse", "{\"lockfile_version\": 1", "'synapse-lock.json' is malformed: ");
    expect("synapse", "[]", "'synapse-lock.json' is malformed: it is no object");
    expect("wharf", "",
           "'wharf.lock' is damaged: it has no 'version'; restore it from version control, or remove it");
    expect("wharf", "version = 1\n", "'wharf.lock' is damaged: its 'requirements' is no digest");
    expect("wharf", "<<<<<<< HEAD\nversion = 1\n",
           "'wharf.lock' has the marks of a merge that is not finished; ");
    expect("wharf", ours(package("../x")), "'wharf.lock' is damaged: '../x' is no package name");
    expect("wharf", ours("[[package]]\nname = \"a\"\nversion = \"1\"\n"),
           "'wharf.lock' is damaged: 'a' has the version '1', which is none");
    expect("wharf", ours(package("a", "dev = 1\n")),
           "'wharf.lock' is damaged: 'a' has a 'dev' that is neither true nor false");
    expect("wharf", ours(package("a", "[package.dependencies]\nb = \"what\"\n")),
           "'wharf.lock' is damaged: 'a' has the dependency 'b' without a requirement");
    const std::string capitals(64, 'A');
    expect("wharf", ours("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"" + capitals + "\"\n"),
           "'wharf.lock' is damaged: 'a' has the checksum '" + capitals + "'; expected 64 small hex digits");
    expect("wharf", ours("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nregistry = \"ftp://x\"\n"),
           "'wharf.lock' is damaged: 'a' has the registry 'ftp://x', which is no address of one");
    expect("raven", "version = \"1\"\n", "'raven.lock' is damaged: it has no 'packages'");
    expect("raven", "version = \"1\"\npackages = 1\n",
           "'raven.lock' is damaged: its 'packages' are neither a list nor tables");
    expect("synapse", "{\"lockfile_version\": 1, \"dependencies\": {\"a\": {\"version\": \"1.0.0\"}}}",
           "'synapse-lock.json' is damaged: 'a' has no checksum");
  }

  void refuses_newer_formats() {
    expect("wharf", "version = 2\n",
           "'wharf.lock' has the format 2, and this program knows 1 at most; use a newer one");
    for (const std::string profile : {"raven", "vais"}) {
      const std::string file = find_profile(profile).lock_file;
      const std::string version = profile == "raven" ? "version = \"1\"\npackages = []\n" : "version = 1\n";
      expect(profile, version + "[wharf]\nformat = 7\n",
             "'" + file + "' has the format 7, and this program knows 1");
    }
    expect("synapse", "{\"lockfile_version\": 1, \"wharf\": {\"format\": 3}}",
           "'synapse-lock.json' has the format 3, and this program knows 1");
    expect("synapse", "{\"lockfile_version\": 2}",
           "'synapse-lock.json' has a 'lockfile_version' that this program");
    expect("synapse", "{}", "'synapse-lock.json' has no 'lockfile_version'");
    expect("raven", "version = \"2\"\npackages = []\n",
           "'raven.lock' has a 'version' that this program does not know");
    expect("vais", "version = 2\n",
           "'vais.lock' has the version 2, and this program knows 1; use a newer one");
  }

  void refuses_what_is_there_twice() {
    expect("wharf", ours(package("a") + package("a")), "'wharf.lock' is damaged: 'a' is there twice");
    expect("vais", "version = 1\n[packages.a]\n[packages.a]\n", "'vais.lock' is malformed: line 3");
    expect("synapse", "{\"lockfile_version\": 1, \"dependencies\": {\"a\": {}, \"a\": {}}}",
           "'synapse-lock.json' is malformed");
  }

  // Every cut, and many changes of a byte: an error of ours or a lock, never anything else.
  void a_cut_or_changed_file_is_refused_or_harmless() {
    std::mt19937 random(7);
    const std::string_view bytes("\"[]{}=.,\n\\/a1-\x80\0", 16);
    for (const std::string name : {"wharf", "synapse", "raven", "vais"}) {
      const Profile profile = find_profile(name);
      const std::string text = render_lock(profile, locked_lock(name));
      const auto try_it = [&](const std::string& broken) {
        try {
          const Lock lock = parse_lock(profile, "x", broken);
          for (const auto& package : lock.packages)
            CPPUNIT_ASSERT(package.name.find('/') == std::string::npos);
        } catch (const Error& error) {
          CPPUNIT_ASSERT_EQUAL_MESSAGE(broken, std::string("bad_request"),
                                       std::string(code_name(error.code())));
        }
      };
      for (std::size_t length = 0; length < text.size(); length += 3) try_it(text.substr(0, length));
      for (int i = 0; i < 600; ++i) {
        std::string broken = text;
        broken[random() % broken.size()] = bytes[random() % bytes.size()];
        try_it(broken);
      }
    }
  }

  void a_lock_that_lost_fields_is_incomplete() {
    const Profile vais = find_profile("vais");
    std::string text = render_lock(vais, locked_lock("vais"));
    const auto registry = text.find("registry = ");
    text.erase(registry, text.find('\n', registry) - registry + 1);
    const Lock lock = parse_lock(vais, "x", text);
    CPPUNIT_ASSERT(!lock.complete);
    CPPUNIT_ASSERT_EQUAL(
        std::string("the lock lacks checksums, registries or requirements; installing adds them\n"),
        joined(differences(locked_project("vais"), lock)));
  }

  void names_every_difference() {
    const Lock lock = locked_lock("wharf");
    const auto against = [&](const std::string& manifest) {
      return joined(differences(project_of("wharf", manifest), lock));
    };
    CPPUNIT_ASSERT_EQUAL(std::string("'wharf.toml' wants 'new' ^1, which is not locked\n"
                                     "'wharf.toml' wants 'sky-ui' 2, but 1.4.0 is locked\n"
                                     "'plot.js' 0.9.1+build.7 is locked, but nothing needs it\n"),
                         against("[dependencies]\nsky-ui = \"2\"\nnew = \"^1\"\n"));
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "the requirements of 'wharf.toml' have changed since they were locked; what is locked still "
            "satisfies them\n"),
        against("[dependencies]\nsky-ui = \"1\"\n[dev-dependencies]\n\"plot.js\" = \"*\"\n"));
    Lock changed = lock;
    for (auto& one : changed.packages)
      if (one.name == "base") one.version = *Version::from("0.4.0");
    CPPUNIT_ASSERT_EQUAL(std::string("'sky-ui' 1.4.0 wants 'base' >=0.2.0, <0.4.0, but 0.4.0 is locked\n"
                                     "'plot.js' 0.9.1+build.7 wants 'base' ^0.3.0, but 0.4.0 is locked\n"),
                         joined(differences(locked_project("wharf"), changed)));
    std::erase_if(changed.packages, [](const auto& one) { return one.name == "base"; });
    CPPUNIT_ASSERT(joined(differences(locked_project("wharf"), changed))
                       .find("'base' >=0.2.0, <0.4.0, which is not locked") != std::string::npos);
  }

  void knows_what_is_used_in_place() {
    const Project project = project_of("wharf",
                                       "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[dependencies]\n"
                                       "kit = { path = \"../kit\" }\nui = \"1\"\n");
    std::vector<Project> in_place = {
        project_of("wharf",
                   "[package]\nname = \"kit\"\nversion = \"0.5.0\"\n[dependencies]\n"
                   "core = \"1\"\n[dev-dependencies]\nnever = \"1\"\n")};
    const Lock lock = make_lock(
        project, in_place,
        {locked("core", "1.1.0", 'a', {{"app", "^1.0.0"}}), locked("ui", "1.0.0", 'b', {{"kit", "^0.5.0"}})});
    CPPUNIT_ASSERT_EQUAL(std::string(), joined(differences(project, in_place, lock)));
    CPPUNIT_ASSERT(!lock.find("core")->dev);
    CPPUNIT_ASSERT_EQUAL(std::string("^1.0.0"), lock.find("core")->wanted);
    in_place[0].version = Version::from("0.6.0");
    CPPUNIT_ASSERT_EQUAL(std::string("'ui' 1.0.0 wants 'kit' ^0.5.0, but the one used in place is 0.6.0\n"),
                         joined(differences(project, in_place, lock)));
    CPPUNIT_ASSERT(render_lock(find_profile("vais"), lock).find("dependencies = [\"kit\"]") ==
                   std::string::npos);
  }

  void the_digest_is_of_what_is_required_alone() {
    const auto digest = [](const std::string& text) {
      return requirements_digest(project_of("wharf", text), {});
    };
    const std::string one = digest("[dependencies]\na = \"1.0\"\nb = \"2\"\n");
    CPPUNIT_ASSERT_EQUAL(
        one,
        digest("# a remark\n[package]\nversion = \"3.0.0\"\n[dependencies]\nb = '^2.0.0'\na = \"^1\"\n"));
    CPPUNIT_ASSERT_EQUAL(
        one, digest("[dependencies]\na = \"1.0\"\nb = \"2\"\nc = { version = \"1\", optional = true }\n"));
    CPPUNIT_ASSERT(one != digest("[dependencies]\na = \"1.1\"\nb = \"2\"\n"));
    CPPUNIT_ASSERT(one != digest("[dependencies]\na = \"1.0\"\n[dev-dependencies]\nb = \"2\"\n"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientLockRefusalTest);
