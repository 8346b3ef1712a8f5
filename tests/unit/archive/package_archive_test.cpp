// SPDX-License-Identifier: MIT
#include "libwharf/archive/package_archive.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "tests/support/archive_verdict.hpp"

using namespace wharf;
using namespace wharf::test;

class PackageArchiveTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(PackageArchiveTest);
  CPPUNIT_TEST(returns_what_the_archive_says_of_itself);
  CPPUNIT_TEST(reads_the_manifest_of_each_language);
  CPPUNIT_TEST(names_the_manifest_that_is_wrong);
  CPPUNIT_TEST_SUITE_END();

  static PackageArchive read(const TarBuilder& tar) {
    return read_package_archive(file_of(gzip(tar.ended())).get(), {});
  }

 public:
  void returns_what_the_archive_says_of_itself() {
    const std::string manifest = R"({"name": "mylib", "version": "1.2.3", "description": "a library"})";
    const auto tar =
        TarBuilder().file("mylib-1.2.3/synapse.json", manifest).file("mylib-1.2.3/README", "read me");
    const auto package = read(tar);
    CPPUNIT_ASSERT_EQUAL(std::string("mylib"), package.manifest.name);
    CPPUNIT_ASSERT_EQUAL(std::string("1.2.3"), package.manifest.version);
    CPPUNIT_ASSERT(package.manifest.dialect == Dialect::synapse);
    CPPUNIT_ASSERT_EQUAL(std::string("synapse.json"), package.manifest_file);
    CPPUNIT_ASSERT_EQUAL(std::string("mylib-1.2.3"), package.top_directory);
    CPPUNIT_ASSERT_EQUAL(std::string("read me"), package.readme.value());
    CPPUNIT_ASSERT_EQUAL(std::string("README"), package.readme_file.value());
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{2}, package.entries);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{tar.ended().size()}, package.unpacked_bytes);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{gzip(tar.ended()).size()}, package.packed_bytes);
  }

  void reads_the_manifest_of_each_language() {
    for (const auto& [name, dialect] :
         {std::pair{"raven.toml", Dialect::raven}, std::pair{"vais.toml", Dialect::vais},
          std::pair{"wharf.toml", Dialect::native}}) {
      const auto package =
          read(TarBuilder().file(name, "[package]\nname = \"mylib\"\nversion = \"1.2.3\"\n"));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string("mylib"), package.manifest.name);
      CPPUNIT_ASSERT_MESSAGE(name, package.manifest.dialect == dialect);
      CPPUNIT_ASSERT_MESSAGE(name, !package.readme);
    }
  }

  void names_the_manifest_that_is_wrong() {
    try {
      read(TarBuilder().file("a/synapse.json", "{"));
      CPPUNIT_FAIL("half a manifest was read");
    } catch (const Error& error) {
      CPPUNIT_ASSERT(error.code() == Code::manifest_invalid);
      CPPUNIT_ASSERT_EQUAL(std::string("a/synapse.json"), detail_of(error, "entry"));
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PackageArchiveTest);
