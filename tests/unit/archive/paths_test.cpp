// SPDX-License-Identifier: MIT
// Paths in an archive: each by itself, and all of them together.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/support/archive_verdict.hpp"

using namespace wharf;
using namespace wharf::test;

class ArchivePathsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ArchivePathsTest);
  CPPUNIT_TEST(accepts_ordinary_paths);
  CPPUNIT_TEST(drops_a_leading_dot_slash_and_the_root);
  CPPUNIT_TEST(refuses_absolute_paths);
  CPPUNIT_TEST(refuses_empty_and_dot_parts);
  CPPUNIT_TEST(refuses_what_is_not_text);
  CPPUNIT_TEST(refuses_what_windows_reads_differently);
  CPPUNIT_TEST(is_ascii_unless_configured);
  CPPUNIT_TEST(refuses_spellings_that_only_look_different);
  CPPUNIT_TEST(a_file_does_not_end_in_a_slash);
  CPPUNIT_TEST(no_path_is_there_twice);
  CPPUNIT_TEST(no_two_paths_differ_in_case_only);
  CPPUNIT_TEST(no_path_is_file_and_directory);
  CPPUNIT_TEST(holds_levels_parts_and_paths_to_their_limits);
  CPPUNIT_TEST(the_rules_hold_for_long_names_and_pax_paths);
  CPPUNIT_TEST_SUITE_END();

  static void assert_verdict(const std::string& expected, const TarBuilder& tar, const std::string& what = "",
                             const ArchiveLimits& limits = {}) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, expected, verdict_of(tar, limits));
  }
  static void assert_file(const std::string& rule, const std::string& path) {
    const auto verdict = verdict_of(package().pax({{"path", path}}).file("f"));
    const auto expected = rule == "accepted" ? rule : "archive_path/" + rule;
    CPPUNIT_ASSERT_EQUAL_MESSAGE(path, expected, verdict.substr(0, verdict.find(" of ")));
  }
  static ArchiveLimits any_script() {
    ArchiveLimits limits;
    limits.allow_non_ascii_paths = true;
    return limits;
  }
  static std::string deep(int levels) {
    std::string path = "d";
    for (int i = 1; i < levels; ++i) path += "/d";
    return path;
  }

 public:
  void accepts_ordinary_paths() {
    for (const char* path : {"a", "src/lib.c", ".hidden", "a/.b/..c", "with space/and-dash_.txt", "a..b", "~",
                             "#1", "[x]{y}(z)!@$%^&+=,;'", "console", "com10", "nul2"})
      assert_file("accepted", path);
  }

  void drops_a_leading_dot_slash_and_the_root() {
    const Fd fd =
        file_of(gzip(TarBuilder().directory("./").directory("./src/").file("./wharf.toml").ended()));
    const auto contents = inspect_archive(fd.get(), {});
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, contents.entries.size());
    CPPUNIT_ASSERT_EQUAL(std::string("src"), contents.entries[0].path);
    CPPUNIT_ASSERT_EQUAL(std::string("wharf.toml"), contents.entries[1].path);
    assert_verdict("accepted", package().directory("."), "the root without a slash");
    assert_verdict("archive_path/duplicate of ./", package().directory("./").directory("./"));
    assert_verdict("archive_path/dot_part of ./a", package().file("././a"), "only one is dropped");
    assert_verdict("archive_path/dot_part of .", package().file("."), "the root is no file");
    assert_verdict("archive_path/empty", package().file("./"));
  }

  void refuses_absolute_paths() {
    assert_file("absolute", "/a");
    assert_file("absolute", "//a");
    assert_file("absolute", ".//a");
    assert_verdict("archive_path/absolute of /", package().directory("/"));
    assert_verdict("archive_path/absolute of /a/b", package().entry({.name = "b", .prefix = "/a"}, ""));
  }

  void refuses_empty_and_dot_parts() {
    for (const char* path : {"a//b", "a///b"}) assert_file("empty_part", path);
    assert_verdict("archive_path/empty_part of d/", package().directory("d//"));
    assert_verdict("archive_path/empty", package().file(""));
    assert_verdict("archive_path/empty", package().directory(""));
    for (const char* path : {"..", "../a", "a/..", "a/../b", "a/./b", "a/."}) assert_file("dot_part", path);
  }

  void refuses_what_is_not_text() {
    for (const char* path : {"\xff", "a/\xc3", "\xc0\xaf", "\xed\xa0\x80"}) assert_file("utf8", path);
    for (const char* path : {"a\nb", "a\tb", "\x1b[0m", "\x7f"}) assert_file("control", path);
    assert_verdict("archive_path/control of a\xc2\x85", package().file("a\xc2\x85"), "C1", any_script());
  }

  void refuses_what_windows_reads_differently() {
    for (const char* path : {"a\\b", "..\\a", "\\"}) assert_file("backslash", path);
    for (const char* path : {"c:", "c:a", "a:stream"}) assert_file("colon", path);
    for (const char* path : {"a.", "a ", "a./b", "a /b", "...", "d/ "})
      assert_file("trailing_dot_or_space", path);
    for (const char* path : {"con", "CON", "nul.txt", "d/Aux", "com1", "LPT9.tar.gz", "prn/a"})
      assert_file("device_name", path);
  }

  void is_ascii_unless_configured() {
    for (const char* path : {"größe", "日本/語", "\xf0\x9f\x98\x80"}) {
      assert_file("ascii", path);
      assert_verdict("accepted", package().file(path), path, any_script());
      assert_verdict("accepted", package().pax({{"path", path}}).file("f"), path, any_script());
      assert_verdict("accepted", package().long_name(path).file("f"), path, any_script());
    }
  }

  void refuses_spellings_that_only_look_different() {
    assert_verdict("accepted", package().file("\u00e9"), "composed", any_script());
    assert_verdict("archive_path/composed of e\u0301", package().file("e\u0301"), "decomposed", any_script());
    for (const char* path : {"a\u200b", "\u202egnp", "\ufeffa", "a\u00ad"})
      assert_verdict(std::string("archive_path/invisible of ") + path, package().file(path), path,
                     any_script());
    assert_verdict("archive_path/same_but_for_case of \u00c9", package().file("\u00e9").file("\u00c9"), "É",
                   any_script());
    assert_verdict("archive_path/same_but_for_case of \u03c2", package().file("\u03c3").file("\u03c2"),
                   "final sigma", any_script());
    assert_verdict("archive_path/same_but_for_case of \u0436/b", package().file("\u0416/a").file("\u0436/b"),
                   "Ж", any_script());
    assert_verdict("accepted", package().file("\u0436").file("\u0437"), "two letters", any_script());
  }

  void a_file_does_not_end_in_a_slash() {
    assert_verdict("archive_path/trailing_slash of a/", package().file("a/"));
    assert_verdict("archive_path/trailing_slash of a/",
                   package().entry({.name = "a/", .type = '\0', .magic = "", .major = "", .minor = ""}, ""),
                   "as v7 wrote directories");
    assert_verdict("accepted", package().directory("a/"));
  }

  void no_path_is_there_twice() {
    assert_verdict("archive_path/duplicate of a", package().file("a").file("a"));
    assert_verdict("archive_path/duplicate of a", package().file("a").file("./a"));
    assert_verdict("archive_path/duplicate of d", package().directory("d/").directory("d"));
    assert_verdict("archive_path/duplicate of d", package().file("d/a").directory("d/").directory("d/"));
    assert_verdict("accepted", package().file("d/a").directory("d/"), "a directory after what lies in it");
    assert_verdict("accepted", package().directory("d/").file("d/a").file("d/b"));
  }

  void no_two_paths_differ_in_case_only() {
    assert_verdict("archive_path/same_but_for_case of A", package().file("a").file("A"));
    assert_verdict("archive_path/same_but_for_case of WHARF.toml", package().file("WHARF.toml"));
    assert_verdict("archive_path/same_but_for_case of D/b", package().file("d/a").file("D/b"),
                   "directories too");
    assert_verdict("archive_path/same_but_for_case of D", package().file("d/a").directory("D"));
    assert_verdict("accepted", package().file("d/a").file("e/A"));
  }

  void no_path_is_file_and_directory() {
    assert_verdict("archive_path/file_and_directory of a/b", package().file("a").file("a/b"));
    assert_verdict("archive_path/file_and_directory of a", package().file("a/b").file("a"));
    assert_verdict("archive_path/file_and_directory of a", package().directory("a/").file("a"));
    assert_verdict("archive_path/file_and_directory of a", package().file("a").directory("a/"));
    assert_verdict("archive_path/file_and_directory of a/b/c", package().file("a/b").file("a/b/c"));
    assert_verdict("archive_path/file_and_directory of wharf.toml/x", package().file("wharf.toml/x"));
    assert_verdict("accepted", package().file("a").file("ab/c"));
  }

  void holds_levels_parts_and_paths_to_their_limits() {
    assert_file("accepted", deep(32));
    assert_file("levels", deep(33));
    assert_verdict("accepted", package().directory(deep(32) + "/"));
    assert_verdict("archive_path/levels of " + deep(33), package().directory(deep(33) + "/"));
    assert_file("accepted", std::string(255, 'p') + "/" + std::string(255, 'q'));
    assert_file("part_bytes", std::string(256, 'p'));
    assert_file("part_bytes", "a/" + std::string(256, 'p') + "/b");
    const std::string longest = std::string(255, 'a') + "/" + std::string(254, 'b') + "/c";
    CPPUNIT_ASSERT_EQUAL(std::size_t{512}, longest.size());
    assert_file("accepted", longest);
    assert_file("path_bytes", longest + "c");
    assert_verdict("accepted", package().pax({{"path", "./" + longest}}).file("f"), "counted without './'");
    assert_verdict("accepted", package().pax({{"path", longest + "/"}}).directory("f"),
                   "and without the last '/'");
  }

  void the_rules_hold_for_long_names_and_pax_paths() {
    assert_verdict("archive_path/dot_part of ../a", package().long_name("../a").file("fine"));
    assert_verdict("archive_path/absolute of /a", package().pax({{"path", "/a"}}).file("fine"));
    assert_verdict("accepted", package().pax({{"path", "fine"}}).file("../a"),
                   "the header's own name is not used");
    assert_verdict("accepted", package().long_name("fine").file("../a"));
    assert_verdict("archive_path/duplicate of a", package().file("a").long_name("a").file("b"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ArchivePathsTest);
