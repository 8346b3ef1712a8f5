// SPDX-License-Identifier: MIT
#include "libwharf/archive/writer.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>

#include <algorithm>
#include <filesystem>

#include "tests/support/archive_verdict.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace wharf;
using namespace wharf::test;

class ArchiveWriterTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ArchiveWriterTest);
  CPPUNIT_TEST(the_reader_accepts_what_it_writes);
  CPPUNIT_TEST(the_same_members_make_the_same_bytes);
  CPPUNIT_TEST(writes_no_time_into_the_gzip_header);
  CPPUNIT_TEST(writes_paths_of_every_length_and_script);
  CPPUNIT_TEST(refuses_paths_that_the_reader_would_refuse);
  CPPUNIT_TEST(reports_a_disk_that_fails);
  CPPUNIT_TEST(contents_on_disk_make_the_same_bytes_as_those_in_memory);
  CPPUNIT_TEST(refuses_a_file_that_is_none);
  CPPUNIT_TEST_SUITE_END();

  static std::string written(const std::vector<ArchiveMember>& members, const ArchiveLimits& limits = {}) {
    const Fd fd = file_of("");
    write_archive(fd.get(), members, limits);
    return bytes_of(fd.get());
  }
  static std::vector<ArchiveMember> members() {
    return {{.path = "wharf.toml", .content = "[package]\n"},
            {.path = "bin", .directory = true},
            {.path = "bin/run", .content = "#!/bin/sh\n", .executable = true},
            {.path = "empty"},
            {.path = "large", .content = std::string(100000, 'x')}};
  }

 public:
  void the_reader_accepts_what_it_writes() {
    const auto contents = inspect_archive(file_of(written(members())).get(), {});
    CPPUNIT_ASSERT_EQUAL(std::string("[package]\n"), contents.manifest_text);
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, contents.entries.size());
    const auto sorted = std::is_sorted(contents.entries.begin(), contents.entries.end(),
                                       [](const auto& a, const auto& b) { return a.path < b.path; });
    CPPUNIT_ASSERT(sorted);
    CPPUNIT_ASSERT(contents.entries[0].directory);
    CPPUNIT_ASSERT(contents.entries[1].executable && contents.entries[1].size == 10);
    CPPUNIT_ASSERT(!contents.entries[3].executable && contents.entries[3].size == 100000);
  }

  void the_same_members_make_the_same_bytes() {
    auto turned = members();
    std::reverse(turned.begin(), turned.end());
    CPPUNIT_ASSERT(written(members()) == written(turned));
    turned[0].content += " ";
    CPPUNIT_ASSERT(written(members()) != written(turned));
  }

  void writes_no_time_into_the_gzip_header() {
    CPPUNIT_ASSERT_EQUAL(std::string("1f8b080000000000"), [&] {
      std::string hex;
      for (const char c : written(members()).substr(0, 8)) {
        const char digits[] = "0123456789abcdef";
        hex += digits[static_cast<unsigned char>(c) >> 4];
        hex += digits[static_cast<unsigned char>(c) & 15];
      }
      return hex;
    }());
  }

  void writes_paths_of_every_length_and_script() {
    ArchiveLimits limits;
    limits.allow_non_ascii_paths = true;
    std::vector<ArchiveMember> all{{.path = "wharf.toml"}, {.path = "größe/日本"}};
    for (std::size_t length = 90; length <= 255; ++length) all.push_back({.path = std::string(length, 'a')});
    for (std::size_t length = 90; length <= 255; ++length)
      all.push_back({.path = std::string(length, 'b') + "/" + std::string(length, 'c')});
    const auto contents = inspect_archive(file_of(written(all, limits)).get(), limits);
    CPPUNIT_ASSERT_EQUAL(all.size(), contents.entries.size());
    for (const auto& member : all)
      CPPUNIT_ASSERT_MESSAGE(member.path,
                             std::any_of(contents.entries.begin(), contents.entries.end(),
                                         [&](const auto& entry) { return entry.path == member.path; }));
  }

  void refuses_paths_that_the_reader_would_refuse() {
    for (const char* path : {"", "../a", "/a", "a//b", "a\\b", "größe", "nul"})
      CPPUNIT_ASSERT_THROW_MESSAGE(path, written({{.path = path}}), Error);
    CPPUNIT_ASSERT_THROW(written({{.path = "a"}, {.path = "A"}}), Error);
    CPPUNIT_ASSERT_THROW(written({{.path = "a"}, {.path = "a/b"}}), Error);
  }

  void contents_on_disk_make_the_same_bytes_as_those_in_memory() {
    const test::ScratchDirectory scratch;
    auto on_disk = members();
    for (auto& member : on_disk) {
      if (member.directory) continue;
      member.file = scratch.path() / std::to_string(&member - on_disk.data());
      write_file_durably(member.file, member.content);
      member.content = "is not looked at";
    }
    CPPUNIT_ASSERT(written(members()) == written(on_disk));
  }

  void refuses_a_file_that_is_none() {
    const test::ScratchDirectory scratch;
    CPPUNIT_ASSERT_EQUAL(std::string("conflict"),
                         code_of([&] { written({{.path = "a", .file = scratch.path()}}); }));
    std::filesystem::create_symlink("/etc/passwd", scratch.path() / "link");
    CPPUNIT_ASSERT_EQUAL(std::string("internal_error"),
                         code_of([&] { written({{.path = "a", .file = scratch.path() / "link"}}); }));
    // It says that it is empty, and is not.
    CPPUNIT_ASSERT_EQUAL(std::string("conflict"),
                         code_of([] { written({{.path = "a", .file = "/proc/self/status"}}); }));
  }

  void reports_a_disk_that_fails() {
    const Fd full = open_file("/dev/full", O_WRONLY);
    try {
      write_archive(full.get(), members());
      CPPUNIT_FAIL("wrote to a full disk");
    } catch (const Error& error) {
      CPPUNIT_ASSERT(error.code() == Code::internal_error);
      CPPUNIT_ASSERT_MESSAGE(error.what(), error.detail().find("No space left") != std::string::npos);
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ArchiveWriterTest);
