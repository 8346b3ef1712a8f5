// SPDX-License-Identifier: MIT
// What happens when something else happens in between, made to happen: another transaction holds the
// account's row until the call under test is seen waiting for it; the connection is killed just before its
// COMMIT.
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <thread>

#include "libwharf/crypto/password.hpp"
#include "registry/services/settle.hpp"
#include "registry/store/audit.hpp"
#include "tests/store/accounts_rig.hpp"

using namespace wharf;
using namespace wharf::test;

class AccountsRacesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AccountsRacesTest);
  CPPUNIT_TEST(a_sign_in_that_a_new_password_overtakes_is_refused);
  CPPUNIT_TEST(a_sign_in_that_a_better_hash_overtakes_succeeds);
  CPPUNIT_TEST(of_two_password_changes_the_overtaken_one_is_told);
  CPPUNIT_TEST(a_commit_whose_answer_was_lost_is_looked_for);
  CPPUNIT_TEST(a_courtesy_that_fails_fails_no_request);
  CPPUNIT_TEST_SUITE_END();

  // InnoDB renews this table only when nobody has looked at it for 100 ms.
  static constexpr std::chrono::milliseconds k_between_looks{120};

  // Runs `call` in a thread while the password of ada is being set to `hash` in a transaction, which is
  // committed once `call` waits for the row. Returns the refusal of `call`.
  template <class Call>
  static std::string overtaken(AccountsRig& rig, const std::string& hash, Call&& call) {
    rig.sql.begin();
    rig.sql.execute("UPDATE users SET password_hash = ? WHERE username = 'ada'", hash);
    std::string outcome;
    std::thread thread([&] { outcome = refusal(call); });
    store::Connection watcher(rig.scratch.settings());
    bool seen = false;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(4);
    while (!seen && std::chrono::steady_clock::now() < deadline) {
      auto rows = watcher.query(
          "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT' AND"
          " trx_query LIKE '%users%'");
      seen = rows.next() && rows.integer(0) > 0;
      if (!seen) std::this_thread::sleep_for(k_between_looks);
    }
    rig.sql.commit();
    thread.join();
    CPPUNIT_ASSERT_MESSAGE("the call was never seen waiting", seen);
    return outcome;
  }

 public:
  void a_sign_in_that_a_new_password_overtakes_is_refused() {
    AccountsRig rig;
    rig.worker.register_user("ada");
    const auto outcome = overtaken(rig, hash_password("another long phrase"),
                                   [&] { rig.worker.accounts.login("ada", k_password, k_origin); });
    CPPUNIT_ASSERT_EQUAL(std::string("invalid_credentials"), outcome);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM sessions"));
  }

  void a_sign_in_that_a_better_hash_overtakes_succeeds() {
    AccountsRig rig;
    rig.worker.register_user("ada");
    const auto outcome = overtaken(rig, hash_password(k_password),
                                   [&] { rig.worker.accounts.login("ada", k_password, k_origin); });
    CPPUNIT_ASSERT_EQUAL(std::string("none"), outcome);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rig.number("SELECT COUNT(*) FROM sessions"));
  }

  void of_two_password_changes_the_overtaken_one_is_told() {
    AccountsRig rig;
    const auto who = rig.worker.authenticator.authenticate(rig.worker.register_user("ada").token);
    const auto hash = hash_password("another long phrase");
    const auto outcome = overtaken(rig, hash, [&] {
      rig.worker.accounts.change_password(who, k_password, "a third long phrase", k_origin);
    });
    CPPUNIT_ASSERT_EQUAL(std::string("conflict"), outcome);
    CPPUNIT_ASSERT_EQUAL(hash, rig.text("SELECT password_hash FROM users"));
  }

  void a_commit_whose_answer_was_lost_is_looked_for() {
    AccountsRig rig;
    const auto lose_connection = [&](store::Connection& c) {
      auto rows = c.query("SELECT CONNECTION_ID()");
      rows.next();
      rig.sql.run_text("KILL " + rows.text(0));
    };
    const auto outcome = [&](bool is_there) {
      return refusal([&] {
        settle(
            rig.worker.database,
            [&](store::Connection& c) {
              store::record_audit(c, {"test", {}, {}, "", {}, ""}, now());
              lose_connection(c);
            },
            [&](store::Connection& c) {
              c.query("SELECT 1");
              return is_there;
            });
      });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("none"), outcome(true));
    CPPUNIT_ASSERT_EQUAL(std::string("unavailable"), outcome(false));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rig.number("SELECT COUNT(*) FROM audit"));
  }

  void a_courtesy_that_fails_fails_no_request() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada");
    const auto api =
        rig.worker.tokens.create(rig.worker.authenticator.authenticate(made.token), {.name = "ci"}, k_origin);
    for (const char* trigger :
         {"CREATE TRIGGER no_touch BEFORE UPDATE ON api_tokens FOR EACH ROW SIGNAL SQLSTATE '45000'",
          "CREATE TRIGGER no_cleaning BEFORE DELETE ON sessions FOR EACH ROW SIGNAL SQLSTATE '45000'"})
      rig.sql.run_text(trigger);
    rig.sql.execute("INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ('expired', ?, ?, ?)",
                    made.account.id, now(), now() - std::chrono::days(1));
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         refusal([&] { rig.worker.authenticator.authenticate(api.token); }));
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         refusal([&] { rig.worker.accounts.login("ada", k_password, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, rig.number("SELECT COUNT(*) FROM sessions"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccountsRacesTest);
