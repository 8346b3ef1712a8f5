// SPDX-License-Identifier: MIT
#include "registry/projections/clerk.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"
#include "tests/support/clerk_world.hpp"

using namespace wharf;
using test::ClerkWorld;

class ClerkRecoveryTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClerkRecoveryTest);
  CPPUNIT_TEST(starts_over_when_the_journal_was_put_back);
  CPPUNIT_TEST(starts_over_when_an_older_database_stands_at_the_same_number);
  CPPUNIT_TEST(undoes_documents_that_a_lost_future_left);
  CPPUNIT_TEST(mends_a_torn_journal_file);
  CPPUNIT_TEST(mends_a_damaged_document);
  CPPUNIT_TEST(rebuilds_for_another_public_url);
  CPPUNIT_TEST(rebuilds_a_tree_whose_stamp_is_gone_or_damaged);
  CPPUNIT_TEST(keeps_no_whole_index_where_it_is_switched_off_or_too_large);
  CPPUNIT_TEST(stops_in_the_middle_of_a_rebuild_when_asked);
  CPPUNIT_TEST_SUITE_END();

 public:
  void starts_over_when_the_journal_was_put_back() {
    ClerkWorld world;
    world.fill();
    Clerk clerk(world.settings(), world.database());
    clerk.open();
    while (clerk.step()) {
    }
    world.rewind(4);
    world.publish("alpha", "2.0.0", "another future");
    for (int i = 0; i < 14; ++i)
      world.publish("delta", "1.0." + std::to_string(i), "delta " + std::to_string(i));
    while (clerk.step()) {
    }
    clerk.settle();
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{19}, clerk.position());
    CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "index/gamma.json"));
    test::assert_as_rebuilt(world);
    VisibilityReader reader(world.settings().visibility, "");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{19}, reader.look()->visible_seq);
  }

  void starts_over_when_an_older_database_stands_at_the_same_number() {
    ClerkWorld world;
    world.fill();
    world.catch_up();
    world.rewind(14);
    world.publish("alpha", "9.0.0", "not the event that stood at 15 before");
    world.catch_up();
    test::assert_as_rebuilt(world);
    // And one that has not even come as far as the tree.
    world.rewind(3);
    world.catch_up();
    CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "index/a-b.json"));
    test::assert_as_rebuilt(world);
  }

  void undoes_documents_that_a_lost_future_left() {
    ClerkWorld world;
    world.fill();
    world.catch_up();
    // The process ended after it had written documents, before the journal files; then an older database was
    // put back that still holds all that the journal files hold.
    const auto lines = test::text_of(world.public_tree() / "journal/1.jsonl");
    std::size_t end = 0;
    for (int i = 0; i < 4; ++i) end = lines.find('\n', end) + 1;
    write_file_durably(world.public_tree() / "journal/1.jsonl", lines.substr(0, end));
    world.rewind(5);
    world.catch_up();
    CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "index/gamma.json"));
    test::assert_as_rebuilt(world);
  }

  void mends_a_torn_journal_file() {
    ClerkWorld world;
    world.fill();
    world.catch_up();
    const auto whole = world.tree();
    const Path file = world.public_tree() / "journal/1.jsonl";
    const auto lines = test::text_of(file);
    for (const std::size_t size :
         {lines.size() - 1, lines.size() - 70, lines.size() / 2, std::size_t{5}, std::size_t{0}}) {
      write_file_durably(file, lines.substr(0, size));
      world.catch_up();
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(size), std::string(),
                                   test::difference(whole, world.tree()));
    }
    auto damaged = lines;
    damaged[lines.size() / 2] ^= 1;
    write_file_durably(file, damaged);
    world.catch_up();
    CPPUNIT_ASSERT_EQUAL(std::string(), test::difference(whole, world.tree()));
  }

  void mends_a_damaged_document() {
    ClerkWorld world;
    world.fill();
    world.catch_up();
    write_file_durably(world.public_tree() / "index/alpha.json", "{\"name\":");
    world.publish("alpha", "3.0.0", "alpha three");
    world.catch_up();
    test::assert_as_rebuilt(world);
  }

  void rebuilds_for_another_public_url() {
    ClerkWorld world;
    world.fill();
    world.catch_up();
    auto moved = world.settings();
    moved.public_url = "https://other.example";
    world.catch_up(moved);
    CPPUNIT_ASSERT(test::text_of(world.public_tree() / "index/alpha.json").find("https://other.example/") !=
                   std::string::npos);
    CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / ".new"));
  }

  void rebuilds_a_tree_whose_stamp_is_gone_or_damaged() {
    ClerkWorld world;
    world.fill();
    world.catch_up();
    const auto whole = world.tree();
    for (const char* stamp : {"", "{", "{\"format\":0}"}) {
      write_file_durably(world.public_tree() / ".clerk", stamp);
      write_file_durably(world.public_tree() / "index/stray.json", "{}");
      world.catch_up();
      CPPUNIT_ASSERT_EQUAL(std::string(), test::difference(whole, world.tree()));
    }
    remove_file(world.public_tree() / ".clerk");
    remove_file(world.public_tree() / "index/alpha.json");
    world.catch_up();
    CPPUNIT_ASSERT_EQUAL(std::string(), test::difference(whole, world.tree()));
  }

  void keeps_no_whole_index_where_it_is_switched_off_or_too_large() {
    ClerkWorld world;
    world.fill();
    world.catch_up();
    CPPUNIT_ASSERT(std::filesystem::exists(world.public_tree() / "index.json"));
    auto off = world.settings();
    off.whole_index = false;
    world.catch_up(off);
    CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "index.json"));
    world.catch_up();
    CPPUNIT_ASSERT(std::filesystem::exists(world.public_tree() / "index.json.gz"));
    auto small = world.settings();
    small.whole_index_limit = 100;
    world.catch_up(small);
    CPPUNIT_ASSERT(!std::filesystem::exists(world.public_tree() / "index-vais.json.gz"));
  }

  void stops_in_the_middle_of_a_rebuild_when_asked() {
    ClerkWorld world;
    world.fill();
    int asked = 0;
    Clerk clerk(world.settings(), world.database(), [&] { return ++asked == 3; });
    CPPUNIT_ASSERT_THROW(clerk.open(), Clerk::Stopped);
    CPPUNIT_ASSERT(clerk.must_open());
    clerk.open();
    clerk.settle();
    test::assert_as_rebuilt(world);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ClerkRecoveryTest);
