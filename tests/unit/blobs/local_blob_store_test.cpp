// SPDX-License-Identifier: MIT
#include "registry/blobs/blob_store.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace wharf;
using namespace wharf::test;
namespace fs = std::filesystem;

class LocalBlobStoreTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(LocalBlobStoreTest);
  CPPUNIT_TEST(hashes_what_is_written_and_removes_what_is_not_handed_over);
  CPPUNIT_TEST(keeps_a_blob_under_its_digest);
  CPPUNIT_TEST(putting_again_changes_nothing);
  CPPUNIT_TEST(puts_many_at_once);
  CPPUNIT_TEST(putting_after_it_was_handed_over_finds_it_in_place);
  CPPUNIT_TEST(a_blob_of_another_size_is_never_taken_for_the_same);
  CPPUNIT_TEST(refuses_more_than_the_limit_and_leaves_nothing);
  CPPUNIT_TEST(a_full_disk_is_unavailable_and_leaves_nothing);
  CPPUNIT_TEST(a_missing_staging_directory_is_our_fault);
  CPPUNIT_TEST(lists_blobs_alone);
  CPPUNIT_TEST(removing_what_is_not_there_does_nothing);
  CPPUNIT_TEST(a_name_that_is_no_digest_never_becomes_a_path);
  CPPUNIT_TEST(sweeps_old_uploads_alone);
  CPPUNIT_TEST_SUITE_END();

  ScratchDirectory directory_;
  Path staging_ = directory_.path() / "staging";
  LocalBlobStore blobs_{directory_.path() / "blobs"};

  StagedFile staged(std::string_view content) {
    StagedFile file(staging_, 1000);
    file.write(content.substr(0, content.size() / 2));
    file.write(content.substr(content.size() / 2));
    file.finish();
    return file;
  }
  static std::size_t entries(const Path& path) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }

 public:
  void setUp() override {
    fs::create_directory(staging_);
    fs::create_directory(directory_.path() / "blobs");
  }

  void hashes_what_is_written_and_removes_what_is_not_handed_over() {
    {
      StagedFile file = staged("hello");
      CPPUNIT_ASSERT_EQUAL(to_hex(sha256("hello")), file.digest());
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, file.size());
      struct stat about {};
      CPPUNIT_ASSERT_EQUAL(0, ::stat(file.path().c_str(), &about));
      CPPUNIT_ASSERT_EQUAL(mode_t{0640}, about.st_mode & 07777u);
      StagedFile moved(std::move(file));
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, entries(staging_));
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, entries(staging_));
  }

  void keeps_a_blob_under_its_digest() {
    const std::string digest = to_hex(sha256("hello"));
    CPPUNIT_ASSERT(!blobs_.size(digest) && !blobs_.written_at(digest));
    StagedFile file = staged("hello");
    blobs_.put(file);
    CPPUNIT_ASSERT(file.path().empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, entries(staging_));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, *blobs_.size(digest));
    CPPUNIT_ASSERT(now() - *blobs_.written_at(digest) < std::chrono::minutes(5));
    CPPUNIT_ASSERT_EQUAL(std::string("hello"), *read_file(blobs_.path_of(digest)));
    CPPUNIT_ASSERT_EQUAL(digest.substr(0, 2), blobs_.path_of(digest).parent_path().filename().native());
  }

  void putting_again_changes_nothing() {
    StagedFile first = staged("hello");
    blobs_.put(first);
    const auto before = fs::last_write_time(blobs_.path_of(first.digest()));
    {
      StagedFile second = staged("hello");
      blobs_.put(second);
    }
    CPPUNIT_ASSERT(before == fs::last_write_time(blobs_.path_of(first.digest())));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, entries(staging_));
  }

  void puts_many_at_once() {
    StagedFile there = staged("there"), same = staged("there"), fresh = staged("fresh"),
               again = staged("fresh");
    blobs_.put(there);
    StagedFile* all[] = {&there, &same, &fresh, &again};
    blobs_.put_all(all);
    blobs_.put_all({});
    CPPUNIT_ASSERT(fresh.path().empty() && !again.path().empty());
    for (const auto* one : all) CPPUNIT_ASSERT_EQUAL(one->size(), blobs_.size(one->digest()).value_or(0));
    CPPUNIT_ASSERT_EQUAL(std::string("fresh"), *read_file(blobs_.path_of(fresh.digest())));

    StagedFile other = staged("other");
    fs::create_directories(blobs_.path_of(other.digest()).parent_path());
    std::ofstream(blobs_.path_of(other.digest())) << "othe";
    StagedFile* wrong[] = {&other};
    CPPUNIT_ASSERT_EQUAL(std::string("internal_error"), code_of([&] { blobs_.put_all(wrong); }));
  }

  void putting_after_it_was_handed_over_finds_it_in_place() {
    StagedFile file = staged("hello");
    blobs_.put(file);
    blobs_.put(file);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, *blobs_.size(file.digest()));
    blobs_.remove(file.digest());
    CPPUNIT_ASSERT_THROW(blobs_.put(file), Error);
  }

  void a_blob_of_another_size_is_never_taken_for_the_same() {
    const std::string digest = to_hex(sha256("hello"));
    fs::create_directories(blobs_.path_of(digest).parent_path());
    std::ofstream(blobs_.path_of(digest)) << "hell";
    StagedFile file = staged("hello");
    CPPUNIT_ASSERT_EQUAL(std::string("internal_error"), code_of([&] { blobs_.put(file); }));
  }

  void refuses_more_than_the_limit_and_leaves_nothing() {
    {
      StagedFile file(staging_, 10);
      file.write("0123456789");
      CPPUNIT_ASSERT_EQUAL(std::string("payload_too_large"), code_of([&] { file.write("0"); }));
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, entries(staging_));
  }

  void a_full_disk_is_unavailable_and_leaves_nothing() {
    // /dev/full takes no byte; a staged file whose descriptor is replaced by it writes to a full disk.
    {
      StagedFile file(staging_, 1000);
      const Fd full = open_file("/dev/full", O_WRONLY);
      CPPUNIT_ASSERT(::dup2(full.get(), file.fd()) >= 0);
      CPPUNIT_ASSERT_EQUAL(std::string("unavailable"), code_of([&] { file.write("hello"); }));
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, entries(staging_));
  }

  void a_missing_staging_directory_is_our_fault() {
    CPPUNIT_ASSERT_EQUAL(std::string("internal_error"),
                         code_of([&] { StagedFile(directory_.path() / "nowhere", 10); }));
  }

  void lists_blobs_alone() {
    std::set<std::string> expected;
    for (const char* content : {"a", "b", "c"}) {
      StagedFile file = staged(content);
      blobs_.put(file);
      expected.insert(file.digest());
    }
    const Path fan = blobs_.path_of(*expected.begin()).parent_path();
    std::ofstream(fan / ("." + *expected.begin() + ".1.tmp")) << "being written";
    std::ofstream(directory_.path() / "blobs" / "notes.txt") << "not a directory";
    std::set<std::string> seen;
    blobs_.each([&](const std::string& digest) { seen.insert(digest); });
    CPPUNIT_ASSERT(expected == seen);
    CPPUNIT_ASSERT_THROW(LocalBlobStore(directory_.path() / "nowhere").each([](const std::string&) {}),
                         Error);
  }

  void removing_what_is_not_there_does_nothing() {
    blobs_.remove(to_hex(sha256("hello")));
    StagedFile file = staged("hello");
    blobs_.put(file);
    blobs_.remove(file.digest());
    CPPUNIT_ASSERT(!blobs_.size(file.digest()));
  }

  void a_name_that_is_no_digest_never_becomes_a_path() {
    for (const std::string& name :
         {std::string("../../etc/passwd"), std::string(64, 'A'), std::string(63, 'a'), std::string()})
      CPPUNIT_ASSERT_THROW(blobs_.path_of(name), Error);
  }

  void sweeps_old_uploads_alone() {
    std::ofstream(staging_ / "upload.old") << "x";
    std::ofstream(staging_ / "upload.new") << "x";
    fs::last_write_time(staging_ / "upload.old", fs::file_time_type::clock::now() - std::chrono::hours(25));
    CPPUNIT_ASSERT_EQUAL(1u, sweep_staging(staging_, std::chrono::hours(24)));
    CPPUNIT_ASSERT(fs::exists(staging_ / "upload.new") && !fs::exists(staging_ / "upload.old"));
    CPPUNIT_ASSERT_EQUAL(0u, sweep_staging(directory_.path() / "nowhere", std::chrono::hours(24)));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(LocalBlobStoreTest);
