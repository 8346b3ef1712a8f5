// SPDX-License-Identifier: MIT
#include "registry/projections/clerk.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/value.hpp"
#include "registry/projections/clerk_lock.hpp"
#include "registry/projections/gzip.hpp"
#include "tests/support/clerk_world.hpp"
#include "tests/support/skip.hpp"

using namespace wharf;
using test::ClerkWorld;

class ClerkTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClerkTest);
  CPPUNIT_TEST(shows_what_was_published);
  CPPUNIT_TEST(follows_yanks_removals_and_owners);
  CPPUNIT_TEST(takes_a_quarantined_package_away_and_brings_it_back);
  CPPUNIT_TEST(shows_what_changed_while_a_package_was_quarantined);
  CPPUNIT_TEST(withholds_nothing_of_a_quarantined_package);
  CPPUNIT_TEST(gives_the_same_bytes_event_by_event_at_once_and_rebuilt);
  CPPUNIT_TEST(gives_the_same_bytes_when_batches_are_applied_twice);
  CPPUNIT_TEST(dates_documents_by_revision);
  CPPUNIT_TEST(copies_a_blob_of_another_user_and_keeps_one_of_its_own);
  CPPUNIT_TEST(rebuilds_where_a_removed_versions_blob_is_gone);
  CPPUNIT_TEST(applies_a_publish_whose_blob_went_with_a_later_removal);
  CPPUNIT_TEST(withholds_a_version_with_a_wrong_digest_until_it_is_mended);
  CPPUNIT_TEST(follows_neither_links_nor_pipes_among_blobs);
  CPPUNIT_TEST(lets_one_clerk_in);
  CPPUNIT_TEST_SUITE_END();

 public:
  void shows_what_was_published() {
    ClerkWorld world;
    world.publish("alpha", "1.0.0", "the archive");
    world.catch_up();
    const Path tree = world.public_tree();
    CPPUNIT_ASSERT_EQUAL(std::string("the archive"), test::text_of(tree / "tarballs/alpha/1.0.0.tar.gz"));
    const auto document = test::text_of(tree / "index/alpha.json");
    const auto parsed = json::parse(document);
    std::string version, checksum;
    parsed.root()["versions"].each([&](json::Value entry) {
      version = entry["version"].string().value_or("");
      checksum = entry["checksum"].string().value_or("");
    });
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), version);
    CPPUNIT_ASSERT_EQUAL(world.blob("the archive").filename().native(), checksum);
    CPPUNIT_ASSERT_EQUAL(gzip(document), test::text_of(tree / "index/alpha.json.gz"));
    CPPUNIT_ASSERT_EQUAL("{\"packages\":[" + document + "]}\n", test::text_of(tree / "index.json"));
    CPPUNIT_ASSERT(test::text_of(tree / "index-vais.json").starts_with("[{\"name\":\"alpha\""));
    CPPUNIT_ASSERT(test::text_of(tree / "journal/1.jsonl")
                       .starts_with("{\"seq\":1,\"at\":\"2026-01-31T10:00:01Z\",\"action\":\"publish\""));
    VisibilityReader reader(world.settings().visibility, "");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, reader.look()->visible_seq);
  }

  void follows_yanks_removals_and_owners() {
    ClerkWorld world;
    world.fill();
    world.catch_up();
    const auto document = json::parse(test::text_of(world.public_tree() / "index/alpha.json"));
    std::string seen;
    document.root()["versions"].each([&](json::Value entry) {
      seen += std::string(entry["version"].string().value_or("")) +
              (entry["yanked"].boolean().value_or(false) ? "! " : " ");
    });
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0! 1.1.0-rc.1 1.1.0 "), seen);
    CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "tarballs/beta"));
    CPPUNIT_ASSERT_EQUAL(
        std::size_t{0},
        json::parse(test::text_of(world.public_tree() / "index/beta.json")).root()["versions"].size());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, json::parse(test::text_of(world.public_tree() / "index/gamma.json"))
                                              .root()["revision"]
                                              .integer()
                                              .value_or(0));
    // By name: '-' sorts before '.', and "a-b" after "a" all the same.
    const auto whole = test::text_of(world.public_tree() / "index.json");
    CPPUNIT_ASSERT(whole.find("\"name\":\"a-b\"") < whole.find("\"name\":\"alpha\""));
  }

  void takes_a_quarantined_package_away_and_brings_it_back() {
    ClerkWorld world;
    world.publish("alpha", "1.0.0", "alpha one");
    world.publish("alpha", "1.1.0", "alpha two");
    world.yank("alpha", "1.0.0", "broken");
    world.publish("beta", "1.0.0", "alpha one");
    world.catch_up();
    const auto before = test::text_of(world.public_tree() / "index/alpha.json");
    const auto seq = world.quarantine("alpha", "steals keys");
    world.catch_up();
    CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "tarballs/alpha"));
    CPPUNIT_ASSERT(std::filesystem::exists(world.public_tree() / "tarballs/beta/1.0.0.tar.gz"));
    const auto hidden = test::text_of(world.public_tree() / "index/alpha.json");
    CPPUNIT_ASSERT_EQUAL(gzip(hidden), test::text_of(world.public_tree() / "index/alpha.json.gz"));
    const auto document = json::parse(hidden);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, document.root()["versions"].size());
    CPPUNIT_ASSERT(document.root()["description"].is_null());
    CPPUNIT_ASSERT_EQUAL(std::string("steals keys"),
                         std::string(document.root()["quarantined"]["reason"].string().value_or("")));
    CPPUNIT_ASSERT_EQUAL(static_cast<std::int64_t>(seq), document.root()["revision"].integer().value_or(0));
    for (const char* whole : {"index.json", "index-vais.json"})
      CPPUNIT_ASSERT(test::text_of(world.public_tree() / whole).find(hidden) != std::string::npos);
    test::assert_as_rebuilt(world);
    world.release("alpha");
    world.catch_up();
    CPPUNIT_ASSERT_EQUAL(std::string("alpha one"),
                         test::text_of(world.public_tree() / "tarballs/alpha/1.0.0.tar.gz"));
    CPPUNIT_ASSERT_EQUAL(std::string("alpha two"),
                         test::text_of(world.public_tree() / "tarballs/alpha/1.1.0.tar.gz"));
    auto after = test::text_of(world.public_tree() / "index/alpha.json");
    const auto place = after.find("\"revision\":6");
    CPPUNIT_ASSERT(place != std::string::npos);
    after.replace(place, 12, "\"revision\":3");
    CPPUNIT_ASSERT_EQUAL(before, after);
    test::assert_as_rebuilt(world);
  }

  void shows_what_changed_while_a_package_was_quarantined() {
    for (const unsigned batch : {1u, 3u, 100u}) {
      ClerkWorld world;
      auto settings = world.settings();
      settings.batch = batch;
      world.publish("alpha", "1.0.0", "alpha one");
      world.publish("alpha", "1.1.0", "alpha two");
      world.publish("alpha", "1.2.0", "alpha three");
      world.quarantine("alpha", "looked into");
      world.remove("alpha", "1.1.0");
      world.yank("alpha", "1.0.0", "broken");
      world.add_owner("alpha", "grace");
      world.catch_up(settings);
      CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "tarballs/alpha"));
      CPPUNIT_ASSERT_EQUAL(
          std::size_t{0},
          json::parse(test::text_of(world.public_tree() / "index/alpha.json")).root()["versions"].size());
      test::assert_as_rebuilt(world);
      world.release("alpha");
      world.publish("alpha", "1.3.0", "alpha four");
      world.catch_up(settings);
      CPPUNIT_ASSERT_EQUAL(
          std::size_t{3},
          json::parse(test::text_of(world.public_tree() / "index/alpha.json")).root()["versions"].size());
      CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "tarballs/alpha/1.1.0.tar.gz"));
      CPPUNIT_ASSERT_EQUAL(std::string("alpha four"),
                           test::text_of(world.public_tree() / "tarballs/alpha/1.3.0.tar.gz"));
      test::assert_as_rebuilt(world);
    }
  }

  void withholds_nothing_of_a_quarantined_package() {
    ClerkWorld world;
    world.publish("alpha", "1.0.0", "alpha one");
    world.publish("alpha", "1.1.0", "was lost");
    remove_file(world.blob("was lost"));
    Clerk clerk(world.settings(), world.database());
    clerk.open();
    while (clerk.step()) {
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, clerk.withheld().size());
    world.quarantine("alpha", "looked into");
    while (clerk.step()) {
    }
    CPPUNIT_ASSERT(clerk.withheld().empty());
    world.release("alpha");
    while (clerk.step()) {
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, clerk.withheld().size());
    clerk.settle();
    test::assert_as_rebuilt(world);
  }

  void gives_the_same_bytes_event_by_event_at_once_and_rebuilt() {
    ClerkWorld world;
    world.fill();
    auto one_by_one = world.settings();
    one_by_one.batch = 1;
    world.catch_up(one_by_one);
    const auto first = world.tree();
    std::filesystem::remove_all(world.public_tree());
    world.catch_up();
    CPPUNIT_ASSERT_EQUAL(std::string(), test::difference(first, world.tree()));
    test::assert_as_rebuilt(world);
  }

  void gives_the_same_bytes_when_batches_are_applied_twice() {
    ClerkWorld world;
    world.publish("alpha", "0.9.0", "first of all");
    world.catch_up();
    world.fill();
    world.catch_up();
    const auto once = world.tree();
    // As if the process had ended before the journal files were appended.
    const auto lines = test::text_of(world.public_tree() / "journal/1.jsonl");
    write_file_durably(world.public_tree() / "journal/1.jsonl", lines.substr(0, lines.find('\n') + 1));
    world.catch_up();
    CPPUNIT_ASSERT_EQUAL(std::string(), test::difference(once, world.tree()));
  }

  void dates_documents_by_revision() {
    ClerkWorld world;
    world.fill();
    world.catch_up();
    for (const auto& [file, revision] : {std::pair{"index/alpha.json", 11},
                                         {"index/alpha.json.gz", 11},
                                         {"index/gamma.json", 9},
                                         {"index.json", 15},
                                         {"index-vais.json.gz", 15}}) {
      struct stat status {};
      CPPUNIT_ASSERT_EQUAL(0, ::stat((world.public_tree() / file).c_str(), &status));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(file, PublicTree::k_mtime_base + revision, std::int64_t{status.st_mtime});
    }
  }

  void copies_a_blob_of_another_user_and_keeps_one_of_its_own() {
    ClerkWorld world;
    world.publish("alpha", "1.0.0", "mine");
    const bool root = ::geteuid() == 0;
    world.blobs_of_another_user = root;
    world.publish("alpha", "1.1.0", "another's");
    struct stat before[2], after[2];
    ::stat(world.blob("mine").c_str(), &before[0]);
    ::stat(world.blob("another's").c_str(), &before[1]);
    world.catch_up();
    ::stat(world.blob("mine").c_str(), &after[0]);
    ::stat(world.blob("another's").c_str(), &after[1]);
    for (const auto& status : after) {
      CPPUNIT_ASSERT_EQUAL(mode_t{S_IFREG | 0444}, status.st_mode);
      CPPUNIT_ASSERT_EQUAL(::geteuid(), status.st_uid);
      CPPUNIT_ASSERT_EQUAL(nlink_t{2}, status.st_nlink);
    }
    CPPUNIT_ASSERT_EQUAL(before[0].st_ino, after[0].st_ino);
    if (!root) return test::skip("a blob of another user needs root");
    CPPUNIT_ASSERT(before[1].st_ino != after[1].st_ino);
  }

  void rebuilds_where_a_removed_versions_blob_is_gone() {
    ClerkWorld world;
    world.fill();
    world.catch_up();
    remove_file(world.blob("beta one"));
    test::assert_as_rebuilt(world);
  }

  void applies_a_publish_whose_blob_went_with_a_later_removal() {
    ClerkWorld world;
    world.publish("beta", "1.0.0", "short-lived");
    world.publish("beta", "1.1.0", "stays");
    world.yank("beta", "1.0.0", "bad");
    world.remove("beta", "1.0.0");
    remove_file(world.blob("short-lived"));
    auto one_by_one = world.settings();
    one_by_one.batch = 1;
    Clerk clerk(one_by_one, world.database());
    // Not a rebuild, which would know of the removal from the start.
    std::filesystem::create_directories(world.public_tree());
    write_file_durably(world.public_tree() / ".clerk",
                       "{\"format\":2,\"public_url\":\"https://wharf.example\",\"withheld\":[]}\n");
    clerk.open();
    while (clerk.step()) CPPUNIT_ASSERT(clerk.withheld().empty());
    clerk.settle();
    test::assert_as_rebuilt(world);
  }

  void withholds_a_version_with_a_wrong_digest_until_it_is_mended() {
    ClerkWorld world;
    world.publish("alpha", "1.0.0", "good");
    world.publish("alpha", "1.1.0", "to be damaged");
    world.publish("beta", "1.0.0", "unconcerned");
    write_file_durably(world.blob("to be damaged"), "other bytes");
    auto settings = world.settings();
    settings.retry_withheld = std::chrono::milliseconds(0);
    Clerk clerk(settings, world.database());
    clerk.open();
    while (clerk.step()) {
    }
    CPPUNIT_ASSERT(std::filesystem::exists(world.public_tree() / "tarballs/beta/1.0.0.tar.gz"));
    CPPUNIT_ASSERT(std::filesystem::exists(world.public_tree() / "tarballs/alpha/1.0.0.tar.gz"));
    CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "tarballs/alpha/1.1.0.tar.gz"));
    CPPUNIT_ASSERT(test::text_of(world.public_tree() / "index/alpha.json").find("1.1.0") ==
                   std::string::npos);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, clerk.withheld().size());
    // What happens to the package meanwhile is not lost.
    world.yank("alpha", "1.1.0", "suspicious");
    clerk.step();
    CPPUNIT_ASSERT(test::text_of(world.public_tree() / "index/alpha.json").find("1.1.0") ==
                   std::string::npos);
    clerk.settle();
    test::assert_as_rebuilt(world);
    write_file_durably(world.blob("to be damaged"), "to be damaged");
    clerk.step();
    CPPUNIT_ASSERT(clerk.withheld().empty());
    CPPUNIT_ASSERT_EQUAL(std::string("to be damaged"),
                         test::text_of(world.public_tree() / "tarballs/alpha/1.1.0.tar.gz"));
    CPPUNIT_ASSERT(test::text_of(world.public_tree() / "index/alpha.json").find("suspicious") !=
                   std::string::npos);
    clerk.settle();
    test::assert_as_rebuilt(world);
  }

  void follows_neither_links_nor_pipes_among_blobs() {
    ClerkWorld world;
    world.publish("alpha", "1.0.0", "behind a link");
    world.publish("alpha", "1.1.0", "is a pipe");
    world.publish("alpha", "1.2.0", "was lost");
    world.publish("alpha", "1.3.0", "is good");
    const Path elsewhere = world.root() / "elsewhere";
    std::filesystem::rename(world.blob("behind a link"), elsewhere);
    std::filesystem::create_symlink(elsewhere, world.blob("behind a link"));
    remove_file(world.blob("is a pipe"));
    CPPUNIT_ASSERT_EQUAL(0, ::mkfifo(world.blob("is a pipe").c_str(), 0644));
    remove_file(world.blob("was lost"));
    world.catch_up();
    CPPUNIT_ASSERT_EQUAL(std::string("is good"),
                         test::text_of(world.public_tree() / "tarballs/alpha/1.3.0.tar.gz"));
    for (const char* version : {"1.0.0", "1.1.0", "1.2.0"})
      CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "tarballs/alpha" /
                                              (std::string(version) + ".tar.gz")));
  }

  void lets_one_clerk_in() {
    test::ScratchDirectory directory;
    const Path file = directory.path() / "run" / "clerk.lock";
    {
      const ClerkLock lock(file);
      try {
        const ClerkLock second(file);
        CPPUNIT_FAIL("expected a refusal");
      } catch (const Error& error) {
        CPPUNIT_ASSERT(error.code() == Code::conflict);
        CPPUNIT_ASSERT(error.public_message().find(std::to_string(::getpid())) != std::string::npos);
      }
    }
    const ClerkLock again(file);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ClerkTest);
