// SPDX-License-Identifier: MIT
// Every byte of a small archive's headers, changed in several ways, with the checksum mended and not: the
// reader accepts or refuses, and never does anything else.
#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>
#include <cstdlib>
#include <map>

#include "tests/support/archive_verdict.hpp"

using namespace wharf;
using namespace wharf::test;

class ArchiveMutationTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ArchiveMutationTest);
  CPPUNIT_TEST(survives_every_changed_byte_of_the_tar_stream);
  CPPUNIT_TEST(survives_every_changed_byte_of_the_gzip_file);
  CPPUNIT_TEST_SUITE_END();

  static std::string archive() {
    return package()
        .directory("d/")
        .entry({.name = "f", .prefix = "d"}, "content")
        .pax({{"path", "d/g"}, {"size", "2"}})
        .file("h", "hh")
        .long_name("d/i")
        .entry({.name = "i", .magic = std::string("ustar  \0", 8), .major = "", .minor = ""}, "")
        .ended();
  }
  static void mend_checksum(std::string& tar, std::size_t block) {
    std::uint64_t sum = 8 * ' ';
    for (std::size_t i = 0; i < 512; ++i)
      if (i < 148 || i >= 156) sum += static_cast<unsigned char>(tar[block + i]);
    tar.replace(block + 148, 8, octal(sum, 6) + std::string("\0 ", 2));
  }
  // The library's own refusals are all that may come out.
  static void judge(const std::string& packed, const std::string& what, std::map<std::string, int>& seen) {
    ArchiveLimits limits;
    limits.ratio_free_bytes = 1 << 20;
    std::string verdict;
    try {
      verdict = verdict_of(packed, limits);
    } catch (const std::exception& error) {
      CPPUNIT_FAIL(what + ": " + error.what());
    }
    verdict = verdict.substr(0, verdict.find(" of "));
    CPPUNIT_ASSERT_MESSAGE(what + ": " + verdict, !verdict.starts_with("internal_error"));
    ++seen[verdict];
  }

 public:
  void survives_every_changed_byte_of_the_tar_stream() {
    const std::string good = archive();
    std::map<std::string, int> seen;
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const char value : {static_cast<char>(good[at] ^ 1), '\0', '\xff', '/', ' '}) {
        if (value == good[at]) continue;
        std::string bad = good;
        bad[at] = value;
        const std::string what = "byte " + std::to_string(at) + " as " + std::to_string(value);
        judge(gzip(bad, 0), what, seen);
        const std::size_t block = at / 512 * 512;
        if (at - block >= 148 && at - block < 156) continue;
        mend_checksum(bad, block);
        judge(gzip(bad, 0), what + ", mended", seen);
      }
    }
    if (std::getenv("V"))
      for (const auto& [verdict, count] : seen) std::printf("  %6d %s\n", count, verdict.c_str());
    CPPUNIT_ASSERT_MESSAGE("most changes are noticed", seen["archive_header/checksum"] > 1000);
    CPPUNIT_ASSERT_MESSAGE("content may change", seen["accepted"] > 100);
  }

  void survives_every_changed_byte_of_the_gzip_file() {
    const std::string good = gzip(archive());
    std::map<std::string, int> seen;
    for (std::size_t at = 0; at < good.size(); ++at)
      for (int bit = 0; bit < 8; ++bit) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
        judge(bad, "bit " + std::to_string(bit) + " of byte " + std::to_string(at), seen);
      }
    CPPUNIT_ASSERT(seen["archive_form/gzip_data"] > 100);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ArchiveMutationTest);
