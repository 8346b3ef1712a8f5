// SPDX-License-Identifier: MIT
#include "registry/store/journal.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <thread>

#include "libwharf/base/error.hpp"
#include "tests/support/mariadb.hpp"

using namespace wharf;
using namespace wharf::store;

class JournalTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(JournalTest);
  CPPUNIT_TEST(numbers_have_no_gap_when_eight_append_at_once_and_some_roll_back);
  CPPUNIT_TEST(a_reader_goes_on_from_where_it_was);
  CPPUNIT_TEST(a_reader_notices_that_the_journal_is_another_one);
  CPPUNIT_TEST(a_reader_refuses_a_damaged_chain);
  CPPUNIT_TEST(a_reader_among_writers_meets_no_gap);
  CPPUNIT_TEST(a_reader_gives_what_stands_before_a_gap_and_then_refuses);
  CPPUNIT_TEST(a_clerk_s_position_is_kept_per_machine);
  CPPUNIT_TEST_SUITE_END();

  static JournalEvent event(const std::string& body) {
    JournalEvent made;
    made.at = now();
    made.action = "publish";
    made.package = "mylib";
    made.version = "1.0.0";
    made.actor = "ada";
    made.body = body;
    return made;
  }

  static void append(Database& database, const std::string& body) {
    database.transaction([&](Connection& c) {
      auto made = event(body);
      append_event(c, made);
    });
  }

 public:
  void numbers_have_no_gap_when_eight_append_at_once_and_some_roll_back() {
    test::ScratchDatabase scratch;
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 8; ++writer)
      writers.emplace_back([&, writer] {
        Database database(scratch.settings());
        for (int i = 0; i < 25; ++i) {
          try {
            database.transaction([&](Connection& c) {
              auto made =
                  event("{\"writer\":" + std::to_string(writer) + ",\"i\":" + std::to_string(i) + "}");
              append_event(c, made);
              if (i % 5 == 4) throw Error(Code::conflict, "changed its mind");
            });
          } catch (const Error& error) {
            if (error.code() != Code::conflict) throw;
          }
        }
      });
    for (auto& writer : writers) writer.join();
    Connection c(scratch.settings());
    const auto events = events_after(c, {}, 1000);
    CPPUNIT_ASSERT(events.has_value());
    CPPUNIT_ASSERT_EQUAL(std::size_t{8 * 20}, events->size());
    JournalPosition previous;
    for (const auto& each : *events) {
      CPPUNIT_ASSERT_EQUAL(previous.seq + 1, each.seq);
      CPPUNIT_ASSERT_EQUAL(chain_hash(previous.hash, each.body), each.hash);
      previous = {each.seq, each.hash};
    }
    CPPUNIT_ASSERT(previous == journal_end(c));
  }

  void a_reader_goes_on_from_where_it_was() {
    test::ScratchDatabase scratch;
    Database database(scratch.settings());
    Connection c(scratch.settings());
    CPPUNIT_ASSERT(events_after(c, {}, 10)->empty());
    for (const char* body : {"{\"a\":1}", "{\"a\":2}", "{\"a\":3}"}) append(database, body);
    const auto two = events_after(c, {}, 2);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, two->size());
    const auto rest = events_after(c, {2, two->back().hash}, 2);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rest->size());
    CPPUNIT_ASSERT_EQUAL(std::string("{\"a\":3}"), rest->front().body);
    CPPUNIT_ASSERT(events_after(c, {3, rest->back().hash}, 2)->empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, events_after(c, {}, 10, 1)->size());
  }

  void a_reader_notices_that_the_journal_is_another_one() {
    test::ScratchDatabase scratch;
    Database database(scratch.settings());
    Connection c(scratch.settings());
    append(database, "{\"a\":1}");
    CPPUNIT_ASSERT(!events_after(c, {1, std::string(64, 'f')}, 10));
    CPPUNIT_ASSERT(!events_after(c, {5, std::string(64, 'f')}, 10));
  }

  void a_reader_refuses_a_damaged_chain() {
    test::ScratchDatabase scratch;
    Database database(scratch.settings());
    Connection c(scratch.settings());
    for (const char* body : {"{\"a\":1}", "{\"a\":2}"}) append(database, body);
    c.execute("UPDATE journal SET body = '{\"a\":9}' WHERE seq = 2");
    CPPUNIT_ASSERT_THROW(events_after(c, {}, 10), Error);
    c.execute("DELETE FROM journal WHERE seq = 1");
    CPPUNIT_ASSERT_THROW(events_after(c, {}, 10), Error);
  }

  // A snapshot that is taken while transactions commit may show one and not the one before it.
  void a_reader_among_writers_meets_no_gap() {
    test::ScratchDatabase scratch;
    constexpr int k_writers = 8, k_each = 150;
    std::vector<std::thread> writers;
    for (int i = 0; i < k_writers; ++i)
      writers.emplace_back([&] {
        Database database(scratch.settings());
        for (int n = 0; n < k_each; ++n) append(database, "{\"a\":1}");
      });
    Connection c(scratch.settings());
    JournalPosition position;
    std::string failure;
    while (position.seq < k_writers * k_each && failure.empty()) {
      try {
        const auto events = events_after(c, position, 1000);
        if (!events)
          failure = "the journal is another one";
        else if (!events->empty())
          position = {events->back().seq, events->back().hash};
      } catch (const Error& error) {
        failure = error.detail();
      }
    }
    for (auto& writer : writers) writer.join();
    CPPUNIT_ASSERT_EQUAL(std::string(), failure);
  }

  void a_reader_gives_what_stands_before_a_gap_and_then_refuses() {
    test::ScratchDatabase scratch;
    Database database(scratch.settings());
    Connection c(scratch.settings());
    for (const char* body : {"{\"a\":1}", "{\"a\":2}", "{\"a\":3}"}) append(database, body);
    c.execute("DELETE FROM journal WHERE seq = 2");
    const auto events = events_after(c, {}, 10);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, events->size());
    CPPUNIT_ASSERT_THROW(events_after(c, {1, events->front().hash}, 10), Error);
  }

  void a_clerk_s_position_is_kept_per_machine() {
    test::ScratchDatabase scratch;
    Connection c(scratch.settings());
    store_clerk_position(c, "one", {7, std::string(64, 'a')});
    store_clerk_position(c, "two", {9, std::string(64, 'b')});
    store_clerk_position(c, "one", {8, std::string(64, 'c')});
    auto rows = c.query("SELECT machine, seq FROM clerks ORDER BY machine");
    CPPUNIT_ASSERT(rows.next() && rows.text(0) == "one" && rows.integer(1) == 8);
    CPPUNIT_ASSERT(rows.next() && rows.text(0) == "two" && rows.integer(1) == 9);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(JournalTest);
