// SPDX-License-Identifier: MIT
// Entry types, headers and extended headers: each archive here breaks one rule, or just keeps it.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/support/archive_verdict.hpp"

using namespace wharf;
using namespace wharf::test;

class ArchiveHeaderTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ArchiveHeaderTest);
  CPPUNIT_TEST(accepts_files_and_directories_of_every_form);
  CPPUNIT_TEST(refuses_every_other_type);
  CPPUNIT_TEST(refuses_a_wrong_checksum);
  CPPUNIT_TEST(numbers_are_octal_and_not_negative);
  CPPUNIT_TEST(base_256_stands_in_owners_and_times_only);
  CPPUNIT_TEST(a_directory_has_no_size);
  CPPUNIT_TEST(a_prefix_belongs_to_ustar);
  CPPUNIT_TEST(fields_hold_nothing_after_their_end);
  CPPUNIT_TEST(accepts_the_pax_keys_of_the_list);
  CPPUNIT_TEST(refuses_all_other_pax_keys);
  CPPUNIT_TEST(refuses_vendors_keys_that_change_the_entry);
  CPPUNIT_TEST(refuses_duplicate_pax_keys);
  CPPUNIT_TEST(a_pax_size_equals_the_header_s);
  CPPUNIT_TEST(pax_records_have_the_right_length);
  CPPUNIT_TEST(pax_values_are_what_their_keys_say);
  CPPUNIT_TEST(a_global_header_holds_a_comment_only);
  CPPUNIT_TEST(a_long_name_is_one_text);
  CPPUNIT_TEST(never_a_long_name_and_a_pax_path);
  CPPUNIT_TEST(extended_headers_belong_to_one_entry);
  CPPUNIT_TEST(an_extended_header_has_a_largest_size);
  CPPUNIT_TEST_SUITE_END();

  static void assert_verdict(const std::string& expected, const TarBuilder& tar,
                             const std::string& what = "") {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, expected, verdict_of(tar));
  }
  static std::vector<ArchiveEntry> entries_of(const TarBuilder& tar) {
    return inspect_archive(file_of(gzip(tar.ended())).get(), {}).entries;
  }
  static inline const std::string k_gnu{"ustar  \0", 8};
  static inline const std::string k_none = std::string(8, '\0');

 public:
  void accepts_files_and_directories_of_every_form() {
    for (const auto& magic : {std::string("ustar\00000", 8), k_gnu, k_none}) {
      const std::string device = magic == k_none ? "" : "0000000";
      const auto entries = entries_of(
          package()
              .entry({.name = "d/",
                      .mode = "0000755",
                      .type = '5',
                      .magic = magic,
                      .major = device,
                      .minor = device},
                     "")
              .entry({.name = "d/f", .mode = "0000755", .magic = magic, .major = device, .minor = device},
                     "x")
              .entry({.name = "old", .type = '\0', .magic = magic, .major = device, .minor = device}, "yy")
              .entry({.name = "slashless", .type = '5', .magic = magic, .major = device, .minor = device},
                     ""));
      CPPUNIT_ASSERT_EQUAL(std::size_t{5}, entries.size());
      CPPUNIT_ASSERT(entries[1].path == "d" && entries[1].directory && !entries[1].executable);
      CPPUNIT_ASSERT(entries[2].path == "d/f" && entries[2].executable && entries[2].size == 1);
      CPPUNIT_ASSERT(entries[3].path == "old" && !entries[3].directory && !entries[3].executable);
      CPPUNIT_ASSERT(entries[4].path == "slashless" && entries[4].directory);
    }
  }

  void refuses_every_other_type() {
    for (int type = 0; type < 256; ++type) {
      const char c = static_cast<char>(type);
      if (std::string("\0005xgL0", 6).find(c) != std::string::npos) continue;
      assert_verdict("archive_type/entry_type of odd", package().entry({.name = "odd", .type = c}, ""),
                     std::to_string(type));
    }
    assert_verdict("archive_type/entry_type of link",
                   package().entry({.name = "link", .type = '2', .link = "wharf.toml"}, ""),
                   "a symbolic link");
    assert_verdict("archive_type/entry_type of link",
                   package().entry({.name = "link", .type = '1', .link = "wharf.toml"}, ""), "a hard link");
    assert_verdict("archive_header/link_name of f", package().entry({.name = "f", .link = "wharf.toml"}, ""),
                   "a file that names a link");
  }

  void refuses_a_wrong_checksum() {
    const std::string good = tar_header({.name = "f", .size = octal(0)});
    const auto sum = std::stoull(good.substr(148, 6), nullptr, 8);
    assert_verdict("accepted", package().entry({.name = "f", .checksum = octal(sum, 7)}, ""),
                   "another terminator");
    assert_verdict("archive_header/checksum of f",
                   package().entry({.name = "f", .checksum = octal(sum + 1, 7)}, ""));
    assert_verdict("archive_header/checksum of f",
                   package().entry({.name = "f", .checksum = "        "}, ""));
    // Bytes above 127 count as unsigned; ancient programs counted them as signed.
    const std::string high = tar_header({.name = "f", .size = octal(0), .uname = "\xff"});
    const auto unsigned_sum = std::stoull(high.substr(148, 6), nullptr, 8);
    assert_verdict("accepted",
                   package().entry({.name = "f", .checksum = octal(unsigned_sum, 7), .uname = "\xff"}, ""));
    assert_verdict(
        "archive_header/checksum of f",
        package().entry({.name = "f", .checksum = octal(unsigned_sum - 256, 7), .uname = "\xff"}, ""));
  }

  void numbers_are_octal_and_not_negative() {
    assert_verdict(
        "accepted",
        package().entry({.name = "f", .mode = " 644", .uid = "", .gid = "0 ", .mtime = "777777777777"}, ""),
        "padded with spaces, blank, without an end");
    assert_verdict("archive_header/octal of f", package().entry({.name = "f", .mode = "0000649"}, ""));
    assert_verdict("archive_header/octal of f", package().entry({.name = "f", .uid = "12x"}, ""));
    assert_verdict("archive_header/octal of f", package().entry({.name = "f", .gid = "1 2"}, ""));
    assert_verdict("archive_header/octal of f", package().entry({.name = "f", .mtime = "0x12"}, ""));
    assert_verdict("archive_header/octal of f", package().entry({.name = "f", .size = "1a"}, ""));
    assert_verdict("archive_header/octal of f", package().entry({.name = "f", .size = "           "}, ""),
                   "no size");
    assert_verdict("archive_header/octal of f", package().entry({.name = "f", .major = "8"}, ""));
    assert_verdict("archive_header/octal of f", package().entry({.name = "f", .minor = "+1"}, ""));
    assert_verdict("archive_header/negative of f", package().entry({.name = "f", .size = "-0000000001"}, ""));
    assert_verdict("archive_header/negative of f", package().entry({.name = "f", .uid = "-1"}, ""));
  }

  void base_256_stands_in_owners_and_times_only() {
    const std::string eight("\x80\0\0\0\0\0\0\1", 8), twelve("\x80\0\0\0\0\0\0\0\0\0\0\1", 12);
    assert_verdict("accepted",
                   package().entry({.name = "f", .uid = eight, .gid = eight, .mtime = twelve}, ""));
    assert_verdict("archive_header/base_256 of f", package().entry({.name = "f", .size = twelve}, "x"));
    assert_verdict("archive_header/base_256 of f", package().entry({.name = "f", .mode = eight}, ""));
    assert_verdict("archive_header/base_256 of f", package().entry({.name = "f", .major = eight}, ""));
    const std::string owner("\x80\0\0\0\xff\xff\xff\xff", 8), past_it("\x80\0\0\1\0\0\0\0", 8);
    assert_verdict("accepted", package().entry({.name = "f", .uid = owner, .gid = owner}, ""));
    assert_verdict("archive_header/base_256 of f", package().entry({.name = "f", .uid = past_it}, ""),
                   "33 bits");
    assert_verdict("archive_header/base_256 of f", package().entry({.name = "f", .gid = past_it}, ""),
                   "33 bits");
    const std::string time("\x80\0\0\0\0\0\0\xe8\xd4\xa5\x0f\xff", 12),
        late("\x80\0\0\0\0\0\0\xe8\xd4\xa5\x10\0", 12);
    assert_verdict("accepted", package().entry({.name = "f", .mtime = time}, ""), "twelve digits");
    assert_verdict("archive_header/base_256 of f", package().entry({.name = "f", .mtime = late}, ""),
                   "thirteen");
    const std::string minus_one(8, '\xff'), minus(12, '\xff');
    assert_verdict("archive_header/negative of f", package().entry({.name = "f", .uid = minus_one}, ""));
    assert_verdict("archive_header/negative of f", package().entry({.name = "f", .gid = minus_one}, ""));
    assert_verdict("archive_header/negative of f", package().entry({.name = "f", .mtime = minus}, ""));
  }

  void a_directory_has_no_size() {
    assert_verdict("accepted", package().entry({.name = "d/", .type = '5'}, ""));
    assert_verdict("archive_header/directory_size of d/",
                   package().entry({.name = "d/", .type = '5'}, TarBuilder().file("smuggled").stream()));
  }

  void a_prefix_belongs_to_ustar() {
    const auto entries = entries_of(package().entry({.name = "c/f", .prefix = "a/b"}, ""));
    CPPUNIT_ASSERT_EQUAL(std::string("a/b/c/f"), entries[1].path);
    assert_verdict("archive_header/prefix_field of f",
                   package().entry({.name = "f", .magic = k_gnu, .prefix = "a"}, ""));
    assert_verdict("archive_header/magic of f",
                   package().entry({.name = "f", .magic = k_none, .prefix = "a"}, ""));
    assert_verdict("archive_header/magic of f",
                   package().entry({.name = "f", .magic = std::string("ustar\00001", 8)}, ""));
    assert_verdict("archive_header/magic of f", package().entry({.name = "f", .magic = "USTAR"}, ""));
    const std::string full = std::string(100, 'p') + "/" + std::string(54, 'q');
    CPPUNIT_ASSERT_EQUAL(full + "/f", entries_of(package().entry({.name = "f", .prefix = full}, ""))[1].path);
  }

  void fields_hold_nothing_after_their_end() {
    assert_verdict("archive_header/text_field of a", package().entry({.name = std::string("a\0b", 3)}, ""),
                   "name");
    assert_verdict("archive_header/text_field of f",
                   package().entry({.name = "f", .prefix = std::string("a\0b", 3)}, ""));
    assert_verdict("archive_header/prefix_field of f", package().entry({.name = "f", .rest = "tar"}, ""),
                   "star's mark");
    // node-tar keeps two times at the end of a prefix that leaves room for them.
    const std::string times = std::string(131, '\0') + "14000000000 14000000001 ";
    assert_verdict("accepted", package().entry({.name = "f", .prefix = times}, ""));
    assert_verdict("archive_header/octal of f",
                   package().entry({.name = "f", .prefix = std::string(131, '\0') + "no time"}, ""));
  }

  void accepts_the_pax_keys_of_the_list() {
    const auto entries = entries_of(package()
                                        .pax({{"path", "real/name"},
                                              {"mtime", "999999999999.123456789"},
                                              {"atime", "-5"},
                                              {"ctime", "0"},
                                              {"uid", "1000"},
                                              {"gid", "4294967295"},
                                              {"uname", "Zoë"},
                                              {"gname", ""},
                                              {"comment", "any\ntext = at all"},
                                              {"size", "3"},
                                              {"SCHILY.dev", "5"},
                                              {"LIBARCHIVE.creationtime", "1.5"},
                                              {"RHT.security.selinux", std::string("a\0", 2)}})
                                        .file("header/name", "abc"));
    CPPUNIT_ASSERT_EQUAL(std::string("real/name"), entries[1].path);
    assert_verdict("accepted", package().pax({}).file("f"), "an empty one");
  }

  void refuses_all_other_pax_keys() {
    for (const char* key : {"linkpath", "hdrcharset", "charset", "type", "Path", "path ", "realtime.x",
                            "vendor.name", ".name", "VENDOR.", "VENDOR", "security.x"})
      assert_verdict("archive_header/pax_key of PaxHeaders/entry", package().pax({{key, "1"}}).file("f"),
                     key);
    assert_verdict("archive_header/pax_key of PaxHeaders/entry", package().pax({{"A.\xff", "1"}}).file("f"));
    assert_verdict("accepted", package().pax({{"VENDOR.name", "1"}}).file("f"));
  }

  void refuses_vendors_keys_that_change_the_entry() {
    for (const char* key : {"GNU.sparse.major", "GNU.sparse.name", "GNU.sparse.realsize", "GNU.sparse.map",
                            "GNU.volume.filename", "GNU.dumpdir", "SCHILY.realsize", "SCHILY.filetype",
                            "SUN.holesdata", "LIBARCHIVE.symlinktype"})
      assert_verdict("archive_type/pax_vendor_key of PaxHeaders/entry", package().pax({{key, "1"}}).file("f"),
                     key);
  }

  void refuses_duplicate_pax_keys() {
    assert_verdict("archive_header/pax_duplicate_key of PaxHeaders/entry",
                   package().pax({{"path", "a"}, {"path", "b"}}).file("f"));
    assert_verdict("archive_header/pax_duplicate_key of PaxHeaders/entry",
                   package().pax({{"comment", "a"}, {"mtime", "1"}, {"comment", "a"}}).file("f"));
    std::vector<std::pair<std::string, std::string>> many;
    for (int i = 0; i < 256; ++i) many.emplace_back("V.k" + std::to_string(i), "");
    assert_verdict("accepted", package().pax(many).file("f"));
    many.emplace_back("V.more", "");
    assert_verdict("archive_header/pax_record of PaxHeaders/entry", package().pax(many).file("f"));
  }

  void a_pax_size_equals_the_header_s() {
    assert_verdict("accepted", package().pax({{"size", "3"}}).file("f", "abc"));
    assert_verdict("archive_header/pax_size of f", package().pax({{"size", "4"}}).file("f", "abc"));
    assert_verdict("archive_header/pax_size of f", package().pax({{"size", "0"}}).file("f", "abc"));
    assert_verdict("archive_header/pax_value of PaxHeaders/entry",
                   package().pax({{"size", "+3"}}).file("f", "abc"));
    assert_verdict("archive_header/pax_value of PaxHeaders/entry", package().pax({{"size", ""}}).file("f"));
  }

  void pax_records_have_the_right_length() {
    for (const char* body :
         {"11 path=a\n", "8 path=a\n", "9 path=a ", "path=a\n", "009 path=a\n", "-9 path=a\n", " path=a\n",
          "5 ab\n", "4 =\n", "5 =a\n", "9 path=a\nx", "99999999999 path=a\n"})
      assert_verdict("archive_header/pax_record of PaxHeaders/entry", package().pax_body(body).file("f"),
                     body);
    assert_verdict("archive_header/pax_record of PaxHeaders/entry",
                   package().pax_body(std::string("10 path=a\n\0", 11)).file("f"), "a NUL after the last");
    assert_verdict("accepted", package().pax_body("9 path=a\n").file("f"));
  }

  void pax_values_are_what_their_keys_say() {
    for (const auto& [key, value] :
         std::vector<std::pair<std::string, std::string>>{{"mtime", "soon"},
                                                          {"mtime", ""},
                                                          {"atime", "1."},
                                                          {"ctime", ".5"},
                                                          {"mtime", "1.2.3"},
                                                          {"uid", "1.5"},
                                                          {"gid", "root"},
                                                          {"uid", "-1"},
                                                          {"gid", "4294967296"},
                                                          {"uid", "007"},
                                                          {"mtime", "1000000000000"},
                                                          {"uid", "-"}})
      assert_verdict("archive_header/pax_value of PaxHeaders/entry", package().pax({{key, value}}).file("f"),
                     key + "=" + value);
    assert_verdict("archive_path/empty", package().pax({{"path", ""}}).file("f"));
    assert_verdict("archive_path/control of a\\x00b",
                   package().pax({{"path", std::string("a\0b", 3)}}).file("f"));
  }

  void a_global_header_holds_a_comment_only() {
    const auto with = [](const std::vector<std::pair<std::string, std::string>>& records) {
      return TarBuilder().pax(records, 'g').raw(package().stream());
    };
    assert_verdict("accepted", with({{"comment", "61ae"}}), "as git archive writes it");
    assert_verdict("archive_header/pax_global_key of PaxHeaders/entry", with({{"path", "all"}}));
    assert_verdict("archive_header/pax_global_key of PaxHeaders/entry",
                   with({{"comment", "x"}, {"mtime", "1"}}));
    assert_verdict("archive_header/pax_global_key of PaxHeaders/entry", with({{"VENDOR.name", "x"}}));
    assert_verdict("archive_header/extension_twice of PaxHeaders/entry",
                   with({{"comment", "x"}}).pax({{"comment", "y"}}, 'g').file("f"));
    assert_verdict("archive_header/extension_alone of PaxHeaders/entry",
                   package().pax({{"mtime", "1"}}).pax({{"comment", "x"}}, 'g').file("f"),
                   "between two that belong together");
  }

  void a_long_name_is_one_text() {
    const std::string path = std::string(90, 'a') + "/" + std::string(90, 'b');
    CPPUNIT_ASSERT_EQUAL(path, entries_of(package().long_name(path).file("aaa"))[1].path);
    const auto with = [](std::string_view body) {
      return package().entry({.name = "././@LongLink", .type = 'L'}, body).file("f");
    };
    assert_verdict("accepted", with(std::string_view("a\0", 2)));
    for (const auto body : {std::string_view("a"), std::string_view("a\0b\0", 4),
                            std::string_view("a\0\0", 3), std::string_view("\0", 1), std::string_view("")})
      assert_verdict("archive_header/long_name of ././@LongLink", with(body), std::string(body));
    assert_verdict(
        "archive_type/entry_type of ././@LongLink",
        package().entry({.name = "././@LongLink", .type = 'K'}, std::string_view("a\0", 2)).file("f"));
  }

  void never_a_long_name_and_a_pax_path() {
    assert_verdict("archive_header/two_long_names of PaxHeaders/entry",
                   package().long_name("a").pax({{"path", "b"}}).file("f"));
    assert_verdict("archive_header/two_long_names of ././@LongLink",
                   package().pax({{"path", "a"}}).long_name("a").file("f"), "not even the same");
    assert_verdict("accepted", package().pax({{"mtime", "1"}}).long_name("a").file("f"));
  }

  void extended_headers_belong_to_one_entry() {
    assert_verdict("archive_header/extension_twice of PaxHeaders/entry",
                   package().pax({{"mtime", "1"}}).pax({{"path", "a"}}).file("f"));
    assert_verdict("archive_header/extension_twice of ././@LongLink",
                   package().long_name("a").long_name("b").file("f"));
    assert_verdict("archive_header/extension_alone", package().pax({{"path", "a"}}), "none after pax");
    assert_verdict("archive_header/extension_alone", package().long_name("a"), "none after a long name");
    assert_verdict("accepted", package().pax({{"path", "a"}}).file("f").file("g"));
  }

  void an_extended_header_has_a_largest_size() {
    const auto of_size = [](std::size_t size) {
      std::string body = pax_record("comment", std::string(size - 17, 'x'));
      CPPUNIT_ASSERT_EQUAL(size, body.size());
      return package().pax_body(body).file("f");
    };
    assert_verdict("accepted", of_size(1 << 20));
    assert_verdict("archive_header/extension_size of PaxHeaders/entry", of_size((1 << 20) + 1));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ArchiveHeaderTest);
