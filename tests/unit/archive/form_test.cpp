// SPDX-License-Identifier: MIT
// The form of an archive and its amounts: one gzip member, one tar stream, nothing too large.
#include <cppunit/extensions/HelperMacros.h>

#include <unistd.h>

#include "libwharf/archive/gzip_stream.hpp"
#include "tests/support/archive_verdict.hpp"

using namespace wharf;
using namespace wharf::test;

class ArchiveFormTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ArchiveFormTest);
  CPPUNIT_TEST(accepts_the_smallest_package);
  CPPUNIT_TEST(refuses_what_is_not_gzip);
  CPPUNIT_TEST(refuses_a_wrong_crc_and_a_wrong_length);
  CPPUNIT_TEST(refuses_a_member_that_is_cut_short);
  CPPUNIT_TEST(refuses_a_second_member_and_trailing_bytes);
  CPPUNIT_TEST(accepts_every_optional_part_of_a_gzip_header);
  CPPUNIT_TEST(wants_two_zero_blocks_at_the_end);
  CPPUNIT_TEST(wants_only_zeros_after_the_end_marker);
  CPPUNIT_TEST(refuses_a_tar_stream_that_is_cut_short);
  CPPUNIT_TEST(holds_packed_bytes_to_their_limit);
  CPPUNIT_TEST(holds_unpacked_bytes_to_their_limit);
  CPPUNIT_TEST(holds_the_ratio_beyond_what_is_free);
  CPPUNIT_TEST(holds_the_number_of_entries_to_its_limit);
  CPPUNIT_TEST(ten_gigabytes_of_zeros_cost_no_more_than_the_limit);
  CPPUNIT_TEST(a_million_empty_entries_cost_little);
  CPPUNIT_TEST(refuses_a_size_beyond_the_limit_before_reading_it);
  CPPUNIT_TEST(takes_a_pipe_for_our_own_mistake);
  CPPUNIT_TEST_SUITE_END();

  static void assert_verdict(const std::string& expected, const std::string& actual,
                             const std::string& what = "") {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, expected, actual);
  }

 public:
  void accepts_the_smallest_package() {
    const Fd fd = file_of(gzip(package().ended()));
    const auto contents = inspect_archive(fd.get(), {});
    CPPUNIT_ASSERT_EQUAL(std::string("wharf.toml"), contents.manifest_file);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, contents.entries.size());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2048}, contents.unpacked_bytes);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{bytes_of(fd.get()).size()}, contents.packed_bytes);
  }

  void refuses_what_is_not_gzip() {
    assert_verdict("archive_form/gzip_truncated", verdict_of(""));
    assert_verdict("archive_form/gzip_data", verdict_of(package().ended()), "a tar that is not packed");
    assert_verdict("archive_form/gzip_data", verdict_of("PK\x03\x04 and so on, as a zip file starts"));
    std::string other_method = gzip(package().ended());
    other_method[2] = 7;
    assert_verdict("archive_form/gzip_data", verdict_of(other_method));
    std::string reserved_flag = gzip(package().ended());
    reserved_flag[3] = '\x80';
    assert_verdict("archive_form/gzip_data", verdict_of(reserved_flag));
  }

  void refuses_a_wrong_crc_and_a_wrong_length() {
    const std::string good = gzip(package().ended());
    for (std::size_t back = 1; back <= 8; ++back) {
      std::string bad = good;
      bad[bad.size() - back] ^= 1;
      assert_verdict("archive_form/gzip_data", verdict_of(bad),
                     "byte " + std::to_string(back) + " from the end");
    }
  }

  void refuses_a_member_that_is_cut_short() {
    const std::string good = gzip(package().ended());
    for (std::size_t length = 0; length < good.size(); ++length)
      assert_verdict("archive_form/gzip_truncated", verdict_of(good.substr(0, length)),
                     std::to_string(length));
  }

  void refuses_a_second_member_and_trailing_bytes() {
    const std::string tar = package().ended(), good = gzip(tar);
    assert_verdict("archive_form/gzip_one_member",
                   verdict_of(gzip(tar.substr(0, 1024)) + gzip(tar.substr(1024))));
    assert_verdict("archive_form/gzip_one_member", verdict_of(good + gzip("")), "an empty second member");
    assert_verdict("archive_form/gzip_trailing", verdict_of(good + '\0'));
    assert_verdict("archive_form/gzip_trailing", verdict_of(good + "x"));
    assert_verdict("accepted", verdict_of(good));
  }

  void accepts_every_optional_part_of_a_gzip_header() {
    const std::string plain = gzip(package().ended());
    std::string named = plain.substr(0, 10) + std::string("a.tar\0", 6) + plain.substr(10);
    named[3] = 8;
    assert_verdict("accepted", verdict_of(named), "a file name");
    std::string commented = plain.substr(0, 10) + std::string("made today\0", 11) + plain.substr(10);
    commented[3] = 16;
    assert_verdict("accepted", verdict_of(commented), "a comment");
    std::string extra = plain.substr(0, 10) + std::string("\4\0abcd", 6) + plain.substr(10);
    extra[3] = 4;
    assert_verdict("accepted", verdict_of(extra), "an extra field");
  }

  void wants_two_zero_blocks_at_the_end() {
    const std::string stream = package().stream(), zeros(512, '\0');
    assert_verdict("archive_form/end_marker", verdict_of(gzip(stream)), "none");
    assert_verdict("archive_form/end_marker", verdict_of(gzip(stream + zeros)), "one");
    assert_verdict("archive_form/end_marker",
                   verdict_of(gzip(stream + zeros + TarBuilder().file("b").ended())), "one between entries");
    assert_verdict("accepted", verdict_of(gzip(stream + zeros + zeros)), "two");
  }

  void wants_only_zeros_after_the_end_marker() {
    const std::string tar = package().ended();
    assert_verdict("accepted", verdict_of(gzip(tar + std::string(8192, '\0'))));
    assert_verdict("archive_form/after_end", verdict_of(gzip(tar + "x")));
    assert_verdict("archive_form/after_end", verdict_of(gzip(tar + std::string(100000, '\0') + "x")));
    assert_verdict("archive_form/after_end", verdict_of(gzip(tar + TarBuilder().file("hidden").ended())));
  }

  void refuses_a_tar_stream_that_is_cut_short() {
    const std::string tar = package().file("b", "content").ended();
    assert_verdict("archive_form/tar_truncated", verdict_of(gzip(tar.substr(0, 1300))), "in a header");
    assert_verdict("archive_form/tar_truncated of b", verdict_of(gzip(tar.substr(0, 1024 + 512 + 3))),
                   "in content");
    assert_verdict("archive_form/tar_truncated of b", verdict_of(gzip(tar.substr(0, 1024 + 512 + 7))),
                   "in padding");
    assert_verdict("archive_form/tar_truncated of wharf.toml", verdict_of(gzip(tar.substr(0, 520))),
                   "in the manifest");
    assert_verdict("archive_form/tar_truncated of PaxHeaders/entry",
                   verdict_of(gzip(TarBuilder().pax({{"path", "a"}}).stream().substr(0, 515))),
                   "in a pax header");
  }

  void holds_packed_bytes_to_their_limit() {
    const std::string packed = gzip(package().ended());
    ArchiveLimits limits;
    limits.packed_bytes = packed.size();
    assert_verdict("accepted", verdict_of(packed, limits));
    limits.packed_bytes = packed.size() - 1;
    assert_verdict("archive_size/packed_bytes", verdict_of(packed, limits));
  }

  void holds_unpacked_bytes_to_their_limit() {
    const std::string tar = package().file("b", std::string(5000, 'b')).ended();
    ArchiveLimits limits;
    limits.unpacked_bytes = tar.size();
    assert_verdict("accepted", verdict_of(gzip(tar), limits));
    assert_verdict("archive_size/unpacked_bytes", verdict_of(gzip(tar + '\0'), limits));
    limits.unpacked_bytes = 4096;
    assert_verdict("archive_size/unpacked_bytes", verdict_of(gzip(tar), limits));
  }

  void holds_the_ratio_beyond_what_is_free() {
    const std::string tar = package().file("b", std::string(50000, 'b')).ended(), packed = gzip(tar);
    ArchiveLimits limits;
    limits.ratio_free_bytes = 1024;
    limits.ratio = (tar.size() + packed.size() - 1) / packed.size();
    assert_verdict("accepted", verdict_of(packed, limits), "just within the ratio");
    --limits.ratio;
    assert_verdict("archive_size/ratio", verdict_of(packed, limits));
    limits.ratio_free_bytes = tar.size();
    assert_verdict("accepted", verdict_of(packed, limits), "any ratio where little is unpacked");
    --limits.ratio_free_bytes;
    assert_verdict("archive_size/ratio", verdict_of(packed, limits));
  }

  void holds_the_number_of_entries_to_its_limit() {
    TarBuilder tar = package();
    for (int i = 1; i < 10000; ++i) tar.file("f" + std::to_string(i));
    assert_verdict("accepted", verdict_of(tar), "10 000");
    assert_verdict("accepted", verdict_of(gzip(TarBuilder().directory("./").raw(tar.ended()).stream())),
                   "and its root");
    assert_verdict("archive_size/entries of one/more", verdict_of(tar.file("one/more")), "10 001");
  }

  void ten_gigabytes_of_zeros_cost_no_more_than_the_limit() {
    // One file that says so, and one stream that goes on without saying so.
    const ArchiveLimits limits;
    const std::string endless = gzip_zeros(10ull << 30, package().stream());
    CPPUNIT_ASSERT_MESSAGE("about ten megabytes", endless.size() < (11u << 20));
    assert_verdict("archive_size/unpacked_bytes", verdict_of(endless, limits));

    const Fd fd = file_of(endless);
    GzipStream stream(fd.get(), limits);
    CPPUNIT_ASSERT_THROW(stream.skip(UINT64_MAX), Error);
    CPPUNIT_ASSERT_MESSAGE(std::to_string(stream.unpacked_bytes()),
                           stream.unpacked_bytes() <= limits.unpacked_bytes + (64 << 10));
  }

  void a_million_empty_entries_cost_little() {
    std::string stream;
    HeaderFields fields{.size = octal(0)};
    for (int i = 0; i < 1000000; ++i) {
      fields.name = "f" + std::to_string(i);
      stream += tar_header(fields);
    }
    const std::string packed = gzip(stream + std::string(1024, '\0'), 1);
    stream.clear();
    stream.shrink_to_fit();
    assert_verdict("archive_size/entries of f10000", verdict_of(packed));
    // What it costs is what it reads: the verdict is there before the first tenth ends.
    assert_verdict("archive_size/entries of f10000", verdict_of(packed.substr(0, packed.size() / 10)));
  }

  void refuses_a_size_beyond_the_limit_before_reading_it() {
    assert_verdict("archive_size/unpacked_bytes of huge",
                   verdict_of(package().entry({.name = "huge", .size = "77777777777"}, "short")));
    assert_verdict("archive_size/ratio of large",
                   verdict_of(package().entry({.name = "large", .size = octal(64 << 20)}, "short")));
  }

  void takes_a_pipe_for_our_own_mistake() {
    int ends[2];
    CPPUNIT_ASSERT_EQUAL(0, pipe(ends));
    const Fd out(ends[0]), in(ends[1]);
    try {
      inspect_archive(out.get(), {});
      CPPUNIT_FAIL("a pipe was read");
    } catch (const Error& error) {
      CPPUNIT_ASSERT(error.code() == Code::internal_error);
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ArchiveFormTest);
