// SPDX-License-Identifier: MIT
#include "libwharf/archive/extract.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "libwharf/archive/writer.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "tests/support/archive_verdict.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace wharf;
using namespace wharf::test;

class ArchiveExtractTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ArchiveExtractTest);
  CPPUNIT_TEST(lays_out_files_and_directories_with_plain_modes);
  CPPUNIT_TEST(lists_what_it_writes);
  CPPUNIT_TEST(modes_do_not_depend_on_the_umask);
  CPPUNIT_TEST(finds_the_directory_around_a_synapse_package);
  CPPUNIT_TEST(takes_no_other_directory_for_one_around_a_package);
  CPPUNIT_TEST(counts_only_when_the_archive_ended_soundly);
  CPPUNIT_TEST(writes_nothing_outside);
  CPPUNIT_TEST(follows_no_link_that_waits_in_the_directory);
  CPPUNIT_TEST(overwrites_nothing);
  CPPUNIT_TEST_SUITE_END();

  ScratchDirectory scratch_;
  Path target() const { return scratch_.path() / "target"; }

  Extraction extract(std::string_view packed) const {
    std::filesystem::create_directory(target());
    const Fd directory = open_file(target(), O_RDONLY | O_DIRECTORY);
    return extract_archive(file_of(packed).get(), directory.get(), {});
  }
  Extraction extract(const TarBuilder& tar) const { return extract(gzip(tar.ended())); }
  unsigned mode_of(std::string_view path) const {
    struct stat status {};
    CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(path), 0, ::lstat((target() / path).c_str(), &status));
    return status.st_mode;
  }
  static std::vector<std::string> paths(const Extraction& extraction) {
    std::vector<std::string> out;
    for (const auto& file : extraction.files) out.push_back(file.path);
    return out;
  }
  // Everything in the scratch directory but the target.
  std::size_t strangers() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(scratch_.path()))
      count += entry.path() != target();
    return count;
  }
  static TarBuilder tree() {
    return TarBuilder()
        .file("wharf.toml", "[package]\n")
        .file("src/deep/er/a.txt", "a")
        .entry({.name = "src/run", .mode = "0000755"}, "#!/bin/sh\n")
        .directory("src/empty/")
        .file("src/b.txt", std::string(200000, 'b'))
        .entry({.name = "odd", .mode = "0006777"}, "");
  }

 public:
  void lays_out_files_and_directories_with_plain_modes() {
    extract(tree());
    CPPUNIT_ASSERT_EQUAL(std::string("a"), *read_file(target() / "src/deep/er/a.txt"));
    CPPUNIT_ASSERT_EQUAL(std::string(200000, 'b'), *read_file(target() / "src/b.txt"));
    CPPUNIT_ASSERT_EQUAL(unsigned{S_IFREG | 0644}, mode_of("src/b.txt"));
    CPPUNIT_ASSERT_EQUAL(unsigned{S_IFREG | 0755}, mode_of("src/run"));
    CPPUNIT_ASSERT_EQUAL(unsigned{S_IFREG | 0755}, mode_of("odd"));
    for (const auto* directory : {"src", "src/deep", "src/deep/er", "src/empty"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(directory, unsigned{S_IFDIR | 0755}, mode_of(directory));
  }

  void lists_what_it_writes() {
    const auto extraction = extract(tree());
    CPPUNIT_ASSERT((std::vector<std::string>{"odd", "src/b.txt", "src/deep/er/a.txt", "src/run",
                                             "wharf.toml"}) == paths(extraction));
    CPPUNIT_ASSERT((std::vector<std::string>{"src", "src/deep", "src/deep/er", "src/empty"}) ==
                   extraction.directories);
    CPPUNIT_ASSERT_EQUAL(to_hex(sha256("a")), extraction.files[2].sha256);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{200000}, extraction.files[1].size);
    CPPUNIT_ASSERT(extraction.files[3].executable && !extraction.files[4].executable);
    const auto listed = list_archive(file_of(gzip(tree().ended())).get(), {});
    CPPUNIT_ASSERT(extraction.files == listed.files && extraction.directories == listed.directories);
  }

  void modes_do_not_depend_on_the_umask() {
    const auto before = ::umask(0077);
    extract(tree());
    ::umask(before);
    CPPUNIT_ASSERT_EQUAL(unsigned{S_IFREG | 0644}, mode_of("src/b.txt"));
    CPPUNIT_ASSERT_EQUAL(unsigned{S_IFDIR | 0755}, mode_of("src/deep"));
  }

  void finds_the_directory_around_a_synapse_package() {
    const auto extraction =
        extract(TarBuilder().file("geo-kit-1.0.0/src/a.syn", "a").file("geo-kit-1.0.0/synapse.json", "{}"));
    CPPUNIT_ASSERT_EQUAL(std::string("geo-kit-1.0.0"), extraction.top_directory);
  }

  void takes_no_other_directory_for_one_around_a_package() {
    const auto list = [](const TarBuilder& tar) {
      return list_archive(file_of(gzip(tar.ended())).get(), {}).top_directory;
    };
    CPPUNIT_ASSERT_EQUAL(std::string(), list(TarBuilder().file("a/wharf.toml")));
    CPPUNIT_ASSERT_EQUAL(std::string(), list(TarBuilder().file("a/synapse.json").file("b")));
    CPPUNIT_ASSERT_EQUAL(std::string(), list(TarBuilder().file("a/synapse.json").directory("ab/")));
    CPPUNIT_ASSERT_EQUAL(std::string(), list(TarBuilder().file("a/b/synapse.json")));
    CPPUNIT_ASSERT_EQUAL(std::string(), list(TarBuilder().file("synapse.json")));
  }

  void counts_only_when_the_archive_ended_soundly() {
    const std::string packed = gzip(tree().ended());
    std::string wrong_crc = packed;
    wrong_crc[packed.size() - 6] = static_cast<char>(~wrong_crc[packed.size() - 6]);
    CPPUNIT_ASSERT_THROW(extract(wrong_crc), Error);
    std::filesystem::remove_all(target());
    CPPUNIT_ASSERT_THROW(extract(gzip(tree().stream())), Error);
    for (std::size_t length : {std::size_t{0}, std::size_t{20}, packed.size() / 2, packed.size() - 1}) {
      std::filesystem::remove_all(target());
      CPPUNIT_ASSERT_THROW_MESSAGE(std::to_string(length), extract(packed.substr(0, length)), Error);
    }
  }

  void writes_nothing_outside() {
    const std::vector<TarBuilder> hostile = {
        TarBuilder().file("../escaped", "x"),
        TarBuilder().file("a/../../escaped", "x"),
        TarBuilder().file("/tmp/wharf-escaped", "x"),
        TarBuilder().entry({.name = "out", .type = '2', .link = ".."}, "").file("out/escaped", "x"),
        TarBuilder().entry({.name = "hard", .type = '1', .link = "../../etc/passwd"}, ""),
        TarBuilder().pax({{"path", "../escaped"}}).file("plain", "x"),
        TarBuilder().long_name("../escaped").file("plain", "x"),
        TarBuilder().file("a", "x").file("a/b", "x"),
        TarBuilder().file("a\\..\\..\\b", "x"),
    };
    for (std::size_t i = 0; i < hostile.size(); ++i) {
      std::filesystem::remove_all(target());
      CPPUNIT_ASSERT_THROW_MESSAGE(std::to_string(i), extract(hostile[i]), Error);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(i), std::size_t{0}, strangers());
    }
  }

  void follows_no_link_that_waits_in_the_directory() {
    std::filesystem::create_directory(target());
    std::filesystem::create_directory(scratch_.path() / "elsewhere");
    std::filesystem::create_directory_symlink(scratch_.path() / "elsewhere", target() / "src");
    CPPUNIT_ASSERT_THROW(extract(tree()), Error);
    CPPUNIT_ASSERT(std::filesystem::is_empty(scratch_.path() / "elsewhere"));
  }

  void overwrites_nothing() {
    std::filesystem::create_directory(target());
    std::ofstream(target() / "wharf.toml") << "mine";
    CPPUNIT_ASSERT_THROW(extract(tree()), Error);
    CPPUNIT_ASSERT_EQUAL(std::string("mine"), *read_file(target() / "wharf.toml"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ArchiveExtractTest);
