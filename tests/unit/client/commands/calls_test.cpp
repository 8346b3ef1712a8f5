// SPDX-License-Identifier: MIT
#include "client/commands/calls.hpp"

#include <cppunit/extensions/HelperMacros.h>

using namespace wharf;
using namespace wharf::client;

class ClientCallsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientCallsTest);
  CPPUNIT_TEST(a_version_is_given_in_one_of_two_ways);
  CPPUNIT_TEST(a_text_is_cut_between_characters);
  CPPUNIT_TEST(names_and_versions_are_escaped_in_paths);
  CPPUNIT_TEST_SUITE_END();

  static std::string both(const std::string& name, const std::string& version) {
    try {
      const auto read = named_version(name, version);
      return read.name + " " + read.version;
    } catch (const command::UsageError&) {
      return "usage";
    }
  }
  static void expect(const char* wanted, const std::string& got) {
    CPPUNIT_ASSERT_EQUAL(std::string(wanted), got);
  }

 public:
  void a_version_is_given_in_one_of_two_ways() {
    expect("kit 1.0.0", both("kit", "1.0.0"));
    expect("kit 1.0.0", both("kit@1.0.0", ""));
    for (const auto& [name, version] : std::vector<std::pair<std::string, std::string>>{
             {"kit", ""}, {"kit@", ""}, {"@1.0.0", ""}, {"kit@1.0.0", "1.0.0"}, {"kit@1.0.0", "2.0.0"}})
      expect("usage", both(name, version));
  }

  void a_text_is_cut_between_characters() {
    expect("short", cut_to("short", 5));
    expect("shor…", cut_to("shorter", 5));
    expect("größ…", cut_to("größer", 5));
    expect("größer", cut_to("größer", 6));
    expect("a…", cut_to("a bcd", 3));
    expect("…", cut_to("abc", 1));
    expect("", cut_to("abc", 0));
  }

  void names_and_versions_are_escaped_in_paths() {
    expect("/packages/kit/1.0.0%2Bbuild.1", version_path("kit", "1.0.0+build.1"));
    expect("/packages/..%2F..%2Fetc", package_path("../../etc"));
    expect("/packages/a%3Fb%23c", package_path("a?b#c"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ClientCallsTest);
