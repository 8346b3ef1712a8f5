// SPDX-License-Identifier: MIT
#include "registry/store/connection.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"
#include "registry/store/migrations.hpp"
#include "tests/support/mariadb.hpp"

using namespace wharf;
using namespace wharf::store;

class ConnectionTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ConnectionTest);
  CPPUNIT_TEST(carries_text_numbers_times_and_null_both_ways);
  CPPUNIT_TEST(names_the_unique_key_that_refused);
  CPPUNIT_TEST(runs_a_transaction_again_after_a_deadlock);
  CPPUNIT_TEST(leaves_nothing_of_a_transaction_that_threw);
  CPPUNIT_TEST(connects_again_after_the_server_was_killed);
  CPPUNIT_TEST(a_killed_connection_is_replaced);
  CPPUNIT_TEST(refuses_a_database_without_schema_and_one_that_was_changed);
  CPPUNIT_TEST(migrating_twice_changes_nothing);
  CPPUNIT_TEST_SUITE_END();

  static std::int64_t count(Connection& c, std::string_view sql) {
    auto rows = c.query(sql);
    rows.next();
    return rows.integer(0);
  }

 public:
  void carries_text_numbers_times_and_null_both_ways() {
    test::ScratchDatabase scratch;
    Connection c(scratch.settings());
    const Time at = *from_rfc3339("2026-01-31T10:00:00.250Z");
    const std::string text = "größer 😀 'quoted' \\ ; -- \n end";
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1},
                         c.execute("INSERT INTO audit (at, action, actor, subject) VALUES (?, ?, ?, ?)", at,
                                   "test", text, std::nullopt));
    auto rows = c.query("SELECT at, actor, subject, id FROM audit WHERE actor = ?", text);
    CPPUNIT_ASSERT(rows.next());
    CPPUNIT_ASSERT(rows.time(0) == at);
    CPPUNIT_ASSERT_EQUAL(text, rows.text(1));
    CPPUNIT_ASSERT(rows.is_null(2) && !rows.maybe_text(2));
    CPPUNIT_ASSERT_EQUAL(c.last_insert_id(), static_cast<std::uint64_t>(rows.integer(3)));
    CPPUNIT_ASSERT_THROW(rows.text(2), Error);
    CPPUNIT_ASSERT(!rows.next());
  }

  void names_the_unique_key_that_refused() {
    test::ScratchDatabase scratch;
    Connection c(scratch.settings());
    const auto add = [&] {
      c.execute("INSERT INTO users (username, password_hash, created_at, updated_at) VALUES (?, 'x', ?, ?)",
                "ada", now(), now());
    };
    add();
    try {
      add();
      CPPUNIT_FAIL("expected a refusal");
    } catch (const DatabaseError& error) {
      CPPUNIT_ASSERT(error.kind == DatabaseError::Kind::duplicate_key);
      CPPUNIT_ASSERT_EQUAL(std::string("users_username"), error.key);
    }
  }

  void runs_a_transaction_again_after_a_deadlock() {
    test::ScratchDatabase scratch;
    Connection setup(scratch.settings()), rival(scratch.settings());
    for (const char* machine : {"a", "b"})
      setup.execute("INSERT INTO clerks (machine, seq, hash, seen_at) VALUES (?, 0, '', ?)", machine, now());
    // A deadlock needs two that wait for each other; one of them is made to be refused by its lock wait
    // instead, which takes the same way through the code and needs no second thread.
    rival.begin();
    rival.execute("UPDATE clerks SET seq = seq + 1 WHERE machine = 'a'");
    Database database(scratch.settings());
    database.connection().run_text("SET SESSION innodb_lock_wait_timeout = 1");
    int runs = 0;
    database.transaction([&](Connection& c) {
      if (++runs == 2) rival.rollback();
      c.execute("UPDATE clerks SET seq = seq + 10 WHERE machine = 'b'");
      c.execute("UPDATE clerks SET seq = seq + 10 WHERE machine = 'a'");
    });
    CPPUNIT_ASSERT_EQUAL(2, runs);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{20}, count(setup, "SELECT CAST(SUM(seq) AS SIGNED) FROM clerks"));
  }

  void leaves_nothing_of_a_transaction_that_threw() {
    test::ScratchDatabase scratch;
    Database database(scratch.settings());
    CPPUNIT_ASSERT_THROW(database.transaction([&](Connection& c) {
      c.execute("INSERT INTO clerks (machine, seq, hash, seen_at) VALUES ('m', 0, '', ?)", now());
      throw Error(Code::conflict, "no");
    }),
                         Error);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count(database.connection(), "SELECT COUNT(*) FROM clerks"));
  }

  void connects_again_after_the_server_was_killed() {
    auto& server = test::Server::instance();
    if (!server.is_ours()) return;
    test::ScratchDatabase scratch;
    Database database(scratch.settings());
    database.transaction([&](Connection& c) {
      c.execute("INSERT INTO clerks (machine, seq, hash, seen_at) VALUES ('m', 7, '', ?)", now());
    });
    server.kill_hard();
    try {
      database.read([](Connection& c) { return count(c, "SELECT COUNT(*) FROM clerks"); });
      CPPUNIT_FAIL("expected unavailable");
    } catch (const Error& error) {
      CPPUNIT_ASSERT(error.code() == Code::unavailable);
    }
    server.start();
    CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, database.read([](Connection& c) {
      return count(c, "SELECT seq FROM clerks WHERE machine = 'm'");
    }));
  }

  void a_killed_connection_is_replaced() {
    test::ScratchDatabase scratch;
    Database database(scratch.settings());
    Connection other(scratch.settings());
    const auto id = count(database.connection(), "SELECT CONNECTION_ID()");
    other.run_text("KILL " + std::to_string(id));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                         database.read([](Connection& c) { return count(c, "SELECT COUNT(*) FROM users"); }));
  }

  void refuses_a_database_without_schema_and_one_that_was_changed() {
    test::ScratchDatabase scratch;
    Connection c(scratch.settings());
    c.run_text("UPDATE schema_migrations SET digest = REPEAT('0', 64) WHERE number = 1");
    CPPUNIT_ASSERT_THROW(Database(scratch.settings()).connection(), Error);
    CPPUNIT_ASSERT_THROW(migrate(c), Error);
    c.run_text("DROP TABLE schema_migrations");
    CPPUNIT_ASSERT_THROW(Database(scratch.settings()).connection(), Error);
  }

  void migrating_twice_changes_nothing() {
    test::ScratchDatabase scratch;
    Connection c(scratch.settings());
    CPPUNIT_ASSERT(migrate(c).empty());
    Database(scratch.settings()).connection();
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ConnectionTest);
