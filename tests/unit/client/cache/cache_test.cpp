// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "client/cache/archive_places.hpp"
#include "client/cache/documents.hpp"
#include "client/cache/files.hpp"
#include "client/cache/inventory.hpp"
#include "client/cache/partial_file.hpp"
#include "client/profile/profile.hpp"
#include "client/registry/directory.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/index_document.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace wharf;
using namespace wharf::client;

namespace {

std::string hex(std::string_view bytes) {
  return to_hex(sha256(bytes));
}

std::string listed(const Profile& profile, const Path& cache) {
  std::string out;
  for (const auto& file : cached_files(profile, cache))
    out += std::string(word_of(file.kind)) + " " + file.name + " " + file.version + " " +
           std::to_string(file.size) + "\n";
  return out;
}

}  // namespace

class CacheTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CacheTest);
  CPPUNIT_TEST(documents_belong_to_one_registry);
  CPPUNIT_TEST(a_damaged_document_is_as_good_as_missing);
  CPPUNIT_TEST(an_unwritable_cache_is_no_error_for_documents);
  CPPUNIT_TEST(a_download_goes_on_where_it_stopped);
  CPPUNIT_TEST(two_downloads_of_one_file_do_not_meet);
  CPPUNIT_TEST(archives_have_their_places);
  CPPUNIT_TEST(names_and_checksums_that_would_leave_the_cache_are_refused);
  CPPUNIT_TEST(the_inventory_knows_what_it_sees);
  CPPUNIT_TEST(cleaning_leaves_installed_packages_and_running_downloads);
  CPPUNIT_TEST(a_registry_directory_hands_out_regular_files_alone);
  CPPUNIT_TEST_SUITE_END();

 public:
  void documents_belong_to_one_registry() {
    const test::ScratchDirectory scratch;
    const DocumentCache cache(scratch.path() / "index/a", "https://a.example");
    CPPUNIT_ASSERT(!cache.find("fog"));
    cache.keep("fog", {"\"7\"", "{}\n"});
    cache.keep("mist", {"", ""});
    CPPUNIT_ASSERT_EQUAL(std::string("\"7\""), cache.find("fog").value().etag);
    CPPUNIT_ASSERT_EQUAL(std::string("{}\n"), cache.find("fog").value().text);
    CPPUNIT_ASSERT_EQUAL(std::string(), cache.find("mist").value().text);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, cache.names().size());
    // The same file under another registry's name, or another package's.
    CPPUNIT_ASSERT(!DocumentCache(cache.directory(), "https://b.example").find("fog"));
    std::filesystem::copy_file(cache.directory() / "fog.json", cache.directory() / "dew.json");
    CPPUNIT_ASSERT(!cache.find("dew"));
    cache.forget("fog");
    CPPUNIT_ASSERT(!cache.find("fog"));
  }

  void a_damaged_document_is_as_good_as_missing() {
    const test::ScratchDirectory scratch;
    const DocumentCache cache(scratch.path(), "https://a.example");
    cache.keep("fog", {"\"7\"", "{\"name\":\"fog\"}"});
    const Path file = scratch.path() / "fog.json";
    const std::string whole = read_file(file).value();
    for (std::size_t length = 0; length < whole.size(); ++length) {
      put_in_cache(file, whole.substr(0, length));
      CPPUNIT_ASSERT_MESSAGE(std::to_string(length), !cache.find("fog"));
    }
    put_in_cache(file, whole);
    CPPUNIT_ASSERT(cache.find("fog"));
  }

  void an_unwritable_cache_is_no_error_for_documents() {
    const test::ScratchDirectory scratch;
    put_in_cache(scratch.path() / "file", "");
    const DocumentCache cache(scratch.path() / "file/index", "https://a.example");
    cache.keep("fog", {"", "{}"});
    cache.confirm("fog");
    cache.forget("fog");
    CPPUNIT_ASSERT(!cache.find("fog"));
    CPPUNIT_ASSERT_EQUAL(std::string("unavailable"),
                         test::code_of([&] { put_in_cache(scratch.path() / "file/index/x", ""); }));
  }

  void a_download_goes_on_where_it_stopped() {
    const test::ScratchDirectory scratch;
    {
      PartialFile part(scratch.path() / "partial", "key");
      part.append("first ");
    }
    PartialFile part(scratch.path() / "partial", "key");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{6}, part.size());
    part.append("second");
    CPPUNIT_ASSERT_EQUAL(hex("first second"), part.finish());
    part.start_over();
    part.append("third");
    CPPUNIT_ASSERT_EQUAL(hex("third"), part.finish());
    part.move_to(scratch.path() / "archives/here");
    CPPUNIT_ASSERT_EQUAL(std::string("third"), read_file(scratch.path() / "archives/here").value());
    CPPUNIT_ASSERT(std::filesystem::is_empty(scratch.path() / "partial"));
    CPPUNIT_ASSERT_EQUAL(hex("third"), digest_of_file(scratch.path() / "archives/here").value());
    CPPUNIT_ASSERT(!digest_of_file(scratch.path() / "archives/here", 4));
    CPPUNIT_ASSERT(!digest_of_file(scratch.path() / "archives"));
  }

  void two_downloads_of_one_file_do_not_meet() {
    const test::ScratchDirectory scratch;
    PartialFile first(scratch.path(), "key");
    first.append("of the first");
    {
      PartialFile second(scratch.path(), "key");
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, second.size());
      second.append("of the second");
      CPPUNIT_ASSERT_EQUAL(hex("of the second"), second.finish());
      second.move_to(scratch.path() / "target");
    }
    { PartialFile third(scratch.path(), "key"); }
    CPPUNIT_ASSERT_EQUAL(hex("of the first"), first.finish());
    first.move_to(scratch.path() / "target");
    CPPUNIT_ASSERT_EQUAL(std::string("of the first"), read_file(scratch.path() / "target").value());
    // Nobody's leavings.
    CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1},
                         std::distance(std::filesystem::directory_iterator(scratch.path()), {}));
  }

  void archives_have_their_places() {
    const Version version = parse_version("1.2.0");
    const std::string sum = hex("x");
    const auto wharf = archive_places(find_profile("wharf"), "/c", "fog", version, sum);
    CPPUNIT_ASSERT_EQUAL("/c/archives/" + sum + ".tar.gz", wharf.own.native());
    CPPUNIT_ASSERT(wharf.others.empty());
    const auto vais = archive_places(find_profile("vais"), "/c", "fog", version, sum);
    CPPUNIT_ASSERT_EQUAL(std::string("/c/cache/fog/1.2.0/archive.tar.gz"), vais.own.native());
    CPPUNIT_ASSERT_EQUAL(std::string("/c/cache/fog/1.2.0.tar.gz"), vais.others.at(0).native());
    const auto synapse = archive_places(find_profile("synapse"), "/c", "fog", version, sum);
    CPPUNIT_ASSERT_EQUAL("/c/archives/" + sum + ".tar.gz", synapse.own.native());
    CPPUNIT_ASSERT_EQUAL(std::string("/c/fog-1.2.0.json"), synapse.others.at(0).native());
  }

  void names_and_checksums_that_would_leave_the_cache_are_refused() {
    const Version version = parse_version("1.2.0");
    const auto code = [&](const std::string& name, const std::string& sum) {
      return test::code_of([&] { archive_places(find_profile("vais"), "/c", name, version, sum); });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("none"), code("fog", hex("x")));
    CPPUNIT_ASSERT_EQUAL(std::string("checksum_mismatch"), code("../fog", hex("x")));
    CPPUNIT_ASSERT_EQUAL(std::string("checksum_mismatch"), code("fog", "../../etc/passwd"));
    CPPUNIT_ASSERT_EQUAL(std::string("checksum_mismatch"), code("fog", std::string(64, 'F')));
  }

  void the_inventory_knows_what_it_sees() {
    const test::ScratchDirectory scratch;
    const Path& cache = scratch.path();
    IndexDocument fog("fog");
    IndexEntry entry;
    entry.version = parse_version("1.2.0");
    entry.checksum = hex("tar");
    entry.published_at = "2026-01-31T10:00:00Z";
    fog.apply_publish(entry);
    DocumentCache(cache / "index/a", "https://a.example").keep("fog", {"", fog.render("")});
    put_in_cache(cache / "archives" / (hex("tar") + ".tar.gz"), "tar");
    put_in_cache(cache / "archives" / (hex("other") + ".tar.gz"), "other");
    put_in_cache(cache / "aside/snow-ball-2.0.0-rc.1-0123456789abcdef.tar.gz", "bad");
    put_in_cache(cache / "snow-1.0.0.json", "\x1f\x8b tar");
    put_in_cache(cache / "info_snow_1.0.0.json", "{}");
    put_in_cache(cache / "search-1.0.0.json", "{}");
    const auto seen = listed(find_profile("synapse"), cache);
    const auto size = std::to_string(std::filesystem::file_size(cache / "index/a/fog.json"));
    CPPUNIT_ASSERT_EQUAL(
        "document fog  " + size +
            "\narchive   5\narchive fog 1.2.0 3\narchive snow 1.0.0 6\naside snow-ball 2.0.0-rc.1 3\n",
        seen);
  }

  void cleaning_leaves_installed_packages_and_running_downloads() {
    const test::ScratchDirectory scratch;
    const Path& cache = scratch.path();
    const Profile vais = find_profile("vais");
    put_in_cache(cache / "cache/fog/1.0.0/archive.tar.gz", "a");
    put_in_cache(cache / "cache/fog/1.0.0/extracted/vais.toml", "b");
    put_in_cache(cache / "cache/fog/1.1.0.tar.gz", "c");
    put_in_cache(cache / "cache/mist/2.0.0/archive.tar.gz", "d");
    PartialFile running(partial_directory(cache), "running");
    running.append("e");
    put_in_cache(partial_directory(cache) / "broken.part", "f");
    std::size_t removed = 0, left = 0;
    for (const auto& file : cached_files(vais, cache)) ++(remove_cached(file, cache) ? removed : left);
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, removed);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, left);
    CPPUNIT_ASSERT(std::filesystem::exists(cache / "cache/fog/1.0.0/extracted/vais.toml"));
    CPPUNIT_ASSERT(!std::filesystem::exists(cache / "cache/mist"));
    CPPUNIT_ASSERT_EQUAL(hex("e"), running.finish());
  }

  void a_registry_directory_hands_out_regular_files_alone() {
    const test::ScratchDirectory scratch;
    CPPUNIT_ASSERT_EQUAL(std::string("unavailable"),
                         test::code_of([&] { read_directory_document(scratch.path(), "fog"); }));
    put_in_cache(scratch.path() / "index/fog.json", "{}");
    put_in_cache(scratch.path() / "index/fog.json.gz", "x");
    CPPUNIT_ASSERT_EQUAL(std::string("{}"), read_directory_document(scratch.path(), "fog").value());
    CPPUNIT_ASSERT(!read_directory_document(scratch.path(), "mist"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, directory_names(scratch.path()).size());
    const Version version = parse_version("1.0.0");
    std::filesystem::create_directories(scratch.path() / "tarballs/fog/1.0.0.tar.gz");
    CPPUNIT_ASSERT(!open_directory_archive(scratch.path(), "fog", version));
    std::filesystem::create_directories(scratch.path() / "tarballs/pipe");
    CPPUNIT_ASSERT_EQUAL(0, ::mkfifo((scratch.path() / "tarballs/pipe/1.0.0.tar.gz").c_str(), 0600));
    CPPUNIT_ASSERT(!open_directory_archive(scratch.path(), "pipe", version));
    put_in_cache(scratch.path() / "tarballs/mist/1.0.0.tar.gz", "tar");
    CPPUNIT_ASSERT(open_directory_archive(scratch.path(), "mist", version));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CacheTest);
