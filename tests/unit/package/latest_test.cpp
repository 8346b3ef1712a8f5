// SPDX-License-Identifier: MIT
#include "libwharf/package/latest.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

using namespace wharf;

class LatestTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(LatestTest);
  CPPUNIT_TEST(is_the_highest_release_that_is_not_yanked);
  CPPUNIT_TEST(is_a_prerelease_where_there_is_nothing_else);
  CPPUNIT_TEST(is_none_where_all_are_yanked_but_someone_speaks);
  CPPUNIT_TEST_SUITE_END();

  // "1.0.0 !2.0.0": a yanked version is marked. The answer is "latest, speaker", whatever the order of the
  // versions.
  static std::string answer(std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    std::string first;
    do {
      std::vector<VersionStanding> versions;
      for (std::string_view text : texts) {
        const bool yanked = text.starts_with('!');
        versions.push_back({parse_version(text.substr(yanked)), yanked});
      }
      const auto show = [&](std::optional<std::size_t> i) {
        return i ? versions[*i].version.text() : std::string("none");
      };
      const std::string found = show(latest_of(versions)) + ", " + show(speaker_of(versions));
      if (first.empty()) first = found;
      CPPUNIT_ASSERT_EQUAL(first, found);
    } while (std::next_permutation(texts.begin(), texts.end()));
    return first;
  }

 public:
  void is_the_highest_release_that_is_not_yanked() {
    CPPUNIT_ASSERT_EQUAL(std::string("1.10.0, 1.10.0"),
                         answer({"1.2.0", "1.10.0", "1.9.0", "2.0.0-rc.1", "!3.0.0"}));
  }
  void is_a_prerelease_where_there_is_nothing_else() {
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0-rc.2, 1.0.0-rc.2"),
                         answer({"1.0.0-rc.1", "1.0.0-rc.2", "!0.9.0"}));
  }
  void is_none_where_all_are_yanked_but_someone_speaks() {
    CPPUNIT_ASSERT_EQUAL(std::string("none, none"), answer({}));
    CPPUNIT_ASSERT_EQUAL(std::string("none, 2.0.0-rc.1"), answer({"!1.0.0", "!2.0.0-rc.1"}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LatestTest);
