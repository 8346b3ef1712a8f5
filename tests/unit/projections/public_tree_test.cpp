// SPDX-License-Identifier: MIT
#include "registry/projections/public_tree.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "tests/support/scratch_directory.hpp"
#include "tests/support/skip.hpp"

using namespace wharf;
using namespace wharf::test;

class PublicTreeTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(PublicTreeTest);
  CPPUNIT_TEST(a_blob_that_can_take_no_more_names_goes_on_as_a_copy);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_blob_that_can_take_no_more_names_goes_on_as_a_copy() {
    ScratchDirectory scratch;
    const Path blob = scratch.path() / "blob", names = scratch.path() / "names";
    write_file_durably(blob, "bytes of an archive");
    std::filesystem::create_directory(names);
    constexpr int k_more_than_ext4_has = 70'000;
    int made = 0;
    while (made < k_more_than_ext4_has && ::link(blob.c_str(), (names / std::to_string(made)).c_str()) == 0)
      ++made;
    if (made == k_more_than_ext4_has) skip("this file system has no such limit");
    CPPUNIT_ASSERT_EQUAL(EMLINK, errno);

    PublicTree tree(scratch.path() / "public");
    for (const char* version : {"1.0.0", "1.1.0"}) tree.stage_link("kit", version, blob);
    tree.make_links();
    struct stat first {
    }, second{}, old{};
    CPPUNIT_ASSERT_EQUAL(0, ::stat(tree.tarball("kit", "1.0.0").c_str(), &first));
    CPPUNIT_ASSERT_EQUAL(0, ::stat(tree.tarball("kit", "1.1.0").c_str(), &second));
    CPPUNIT_ASSERT_EQUAL(0, ::stat((names / "0").c_str(), &old));
    CPPUNIT_ASSERT_MESSAGE("both are links to the one copy", first.st_ino == second.st_ino);
    CPPUNIT_ASSERT(first.st_ino != old.st_ino);
    CPPUNIT_ASSERT_EQUAL(nlink_t{3}, first.st_nlink);
    CPPUNIT_ASSERT_EQUAL(0444u, first.st_mode & 07777u);
    CPPUNIT_ASSERT_EQUAL(std::string("bytes of an archive"), *read_file(tree.tarball("kit", "1.0.0")));
    CPPUNIT_ASSERT_EQUAL(std::string("bytes of an archive"), *read_file(names / "0"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PublicTreeTest);
