// SPDX-License-Identifier: MIT
// libarchive's second opinion: whatever it sees differently is a refusal.
#include "libwharf/archive/cross_check.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/archive/utf8_locale.hpp"
#include "tests/support/archive_verdict.hpp"

using namespace wharf;
using namespace wharf::test;

class CrossCheckTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CrossCheckTest);
  CPPUNIT_TEST(agrees_with_the_reader);
  CPPUNIT_TEST(refuses_another_name_size_or_type);
  CPPUNIT_TEST(refuses_an_entry_too_many_or_too_few);
  CPPUNIT_TEST(refuses_what_libarchive_cannot_read);
  CPPUNIT_TEST(leaves_the_locale_as_it_was);
  CPPUNIT_TEST_SUITE_END();

  static std::string packed() {
    return gzip(TarBuilder().directory("./").directory("./d/").file("d/größe", "abc").file("e").ended());
  }
  static std::vector<ArchiveEntry> listing() {
    return {{.path = "d", .directory = true}, {.path = "d/größe", .size = 3}, {.path = "e"}};
  }
  static void assert_disagrees(const std::string& entry, const std::vector<ArchiveEntry>& entries,
                               const std::string& bytes = packed()) {
    try {
      require_same_listing(file_of(bytes).get(), entries);
    } catch (const Error& error) {
      CPPUNIT_ASSERT_EQUAL(std::string("archive_form"), std::string(code_name(error.code())));
      CPPUNIT_ASSERT_EQUAL(std::string("readers_disagree"), detail_of(error, "rule"));
      CPPUNIT_ASSERT_EQUAL(entry, detail_of(error, "entry"));
      return;
    }
    CPPUNIT_FAIL("no disagreement about '" + entry + "'");
  }

 public:
  void agrees_with_the_reader() { require_same_listing(file_of(packed()).get(), listing()); }

  void refuses_another_name_size_or_type() {
    auto entries = listing();
    entries[1].path = "d/grösse";
    assert_disagrees("d/grösse", entries);
    entries = listing();
    entries[1].size = 4;
    assert_disagrees("d/größe", entries);
    entries = listing();
    entries[0].directory = false;
    assert_disagrees("d", entries);
    entries = listing();
    entries[2].directory = true;
    assert_disagrees("e", entries);
    assert_disagrees("e", {{.path = "wharf.toml", .size = 39}, {.path = "e"}},
                     gzip(package().entry({.name = "e", .type = '2', .link = "wharf.toml"}, "").ended()));
    assert_disagrees("e", {{.path = "wharf.toml", .size = 39}, {.path = "e"}},
                     gzip(package().entry({.name = "e", .type = '1', .link = "wharf.toml"}, "").ended()));
  }

  void refuses_an_entry_too_many_or_too_few() {
    auto entries = listing();
    entries.pop_back();
    assert_disagrees("e", entries);
    entries = listing();
    entries.push_back({.path = "f"});
    assert_disagrees("f", entries);
    std::swap(entries[0], entries[1]);
    assert_disagrees("d/größe", entries);
  }

  void refuses_what_libarchive_cannot_read() {
    assert_disagrees("", {}, "neither gzip nor tar");
    const std::string damaged =
        TarBuilder().file("a").entry({.name = "b", .checksum = octal(1, 7)}, "").ended();
    assert_disagrees("b", {{.path = "a"}, {.path = "b"}}, gzip(damaged));
  }

  void leaves_the_locale_as_it_was() {
    const locale_t before = uselocale(nullptr);
    require_same_listing(file_of(packed()).get(), listing());
    CPPUNIT_ASSERT(before == uselocale(nullptr));
    {
      const Utf8LocaleHere here;
      CPPUNIT_ASSERT(utf8_locale() == uselocale(nullptr));
    }
    CPPUNIT_ASSERT(before == uselocale(nullptr));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(CrossCheckTest);
