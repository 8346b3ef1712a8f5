// SPDX-License-Identifier: MIT
// Lock files in both directions: ours, byte for byte, and those that the languages' own tools write.
// WHARF_GOLDEN=rewrite writes ours anew.
#include <cppunit/extensions/HelperMacros.h>

#include <cstdlib>

#include "tests/unit/client/lock/locks.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

class ClientLockGoldenTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientLockGoldenTest);
  CPPUNIT_TEST(ours_are_these_bytes);
  CPPUNIT_TEST(ours_are_read_back_whole);
  CPPUNIT_TEST(empty_ones_have_the_languages_shape);
  CPPUNIT_TEST(reads_what_synapse_writes);
  CPPUNIT_TEST(reads_what_raven_writes);
  CPPUNIT_TEST(reads_what_vais_writes);
  CPPUNIT_TEST(reads_what_their_documents_show);
  CPPUNIT_TEST_SUITE_END();

  static Path golden(const std::string& file) { return Path("tests/unit/client/golden/lock") / file; }
  static Profile profile_of(const std::string& name) {
    if (name != "wharf-json") return find_profile(name);
    Profile profile = find_profile("wharf");
    profile.lock_form = LockForm::wharf_json;
    return profile;
  }
  static std::string file_of(const std::string& name) {
    return name == "wharf-json" ? "wharf.lock.json" : find_profile(name).lock_file;
  }
  static std::string base_of(const std::string& name) { return name == "wharf-json" ? "wharf" : name; }
  static constexpr const char* k_all[] = {"wharf", "wharf-json", "synapse", "raven", "vais"};

  static Lock read(const std::string& profile, const std::string& file) {
    const auto lock = read_lock(find_profile(profile), golden(file));
    CPPUNIT_ASSERT_MESSAGE(file, lock.has_value());
    return *lock;
  }
  static std::string shown(const Lock& lock) {
    std::string out = lock.complete ? "complete" : "incomplete";
    for (const auto& package : lock.packages) {
      out += "\n" + package.name + " " + package.version.text();
      if (!package.checksum.empty()) out += " " + package.checksum.substr(0, 4);
      if (!package.registry.empty()) out += " from " + package.registry;
      if (!package.wanted.empty()) out += " for " + package.wanted;
      for (const auto& [name, requirement] : package.dependencies)
        out += " [" + name + " " + requirement + "]";
    }
    return out;
  }

 public:
  void ours_are_these_bytes() {
    for (const std::string name : k_all) {
      const std::string text = render_lock(profile_of(name), locked_lock(base_of(name)));
      const char* mode = std::getenv("WHARF_GOLDEN");
      if (mode != nullptr && std::string(mode) == "rewrite") put(golden(file_of(name)), text);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, read_file(golden(file_of(name))).value_or("missing"), text);
    }
  }

  void ours_are_read_back_whole() {
    for (const std::string name : k_all) {
      const Lock lock = locked_lock(base_of(name));
      const auto back = read_lock(profile_of(name), golden(file_of(name)));
      CPPUNIT_ASSERT_MESSAGE(name, back.has_value() && back->complete);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, lock.requirements_digest, back->requirements_digest);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, shown(lock), shown(*back));
      CPPUNIT_ASSERT_MESSAGE(name, lock.packages == back->packages);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, render_lock(profile_of(name), lock),
                                   render_lock(profile_of(name), *back));
      CPPUNIT_ASSERT_MESSAGE(name, differences(locked_project(base_of(name)), *back).empty());
    }
    // Only plot.js is for development alone: base is needed by sky-ui, too.
    CPPUNIT_ASSERT(locked_lock("raven").find("plot.js")->dev && !locked_lock("raven").find("base")->dev);
  }

  void empty_ones_have_the_languages_shape() {
    for (const std::string name : k_all) {
      const Lock lock = make_lock(project_of(base_of(name), base_of(name) == "synapse" ? "{}" : ""), {}, {});
      const std::string text = render_lock(profile_of(name), lock);
      const Lock back = parse_lock(profile_of(name), file_of(name), text);
      CPPUNIT_ASSERT_MESSAGE(name, back.complete && back.packages.empty());
      if (name == "raven") CPPUNIT_ASSERT(text.find("\npackages = []\n") != text.npos);
      if (name == "synapse") CPPUNIT_ASSERT(text.find("\"dependencies\": {}") != text.npos);
    }
  }

  void reads_what_synapse_writes() {
    CPPUNIT_ASSERT_EQUAL(std::string("incomplete\n"
                                     "geo-kit 1.4.0 aaaa for ^1.2.0 [num-core =0.9.1]\n"
                                     "num-core 0.9.1 bbbb for 0.9.1"),
                         shown(read("synapse", "synapse-library.json")));
    CPPUNIT_ASSERT_EQUAL(std::string("incomplete\ngeo-kit 1.4.0\nnum-core 0.9.1"),
                         shown(read("synapse", "synapse-install.json")));
  }

  void reads_what_raven_writes() {
    CPPUNIT_ASSERT_EQUAL(std::string("incomplete\nsky-core 1.0.3\nsky-ui 1.2.0 [sky-core >=0.0.0]"),
                         shown(read("raven", "raven-original.lock")));
    CPPUNIT_ASSERT_EQUAL(std::string("incomplete"), shown(read("raven", "raven-empty.lock")));
  }

  void reads_what_vais_writes() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("incomplete\ngrid-core 0.5.2 cccc\ngrid-view 1.0.0 dddd [grid-core >=0.0.0]"),
        shown(read("vais", "vais-original.lock")));
  }

  void reads_what_their_documents_show() {
    CPPUNIT_ASSERT_EQUAL(std::string("incomplete\ngeo-kit 1.4.0 [num-core ^0.9.0]\nnum-core 0.9.1"),
                         shown(read("synapse", "synapse-design.json")));
    CPPUNIT_ASSERT_EQUAL(std::string("incomplete\nsky-core 1.0.3 eeee\nsky-ui 1.2.0 ffff [sky-core >=0.0.0]"),
                         shown(read("raven", "described.lock")));
    CPPUNIT_ASSERT_EQUAL(std::string("incomplete\nsky-core 1.0.3 eeee\nsky-ui 1.2.0 ffff [sky-core >=0.0.0]"),
                         shown(read("vais", "described.lock")));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientLockGoldenTest);
