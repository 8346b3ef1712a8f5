// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <barrier>
#include <mutex>
#include <thread>

#include "libwharf/crypto/base64.hpp"
#include "tests/store/accounts_rig.hpp"

using namespace wharf;
using namespace wharf::test;

class AccountsSessionsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AccountsSessionsTest);
  CPPUNIT_TEST(signing_out_counts_in_every_worker_at_once);
  CPPUNIT_TEST(refreshing_replaces_the_session);
  CPPUNIT_TEST(of_two_that_refresh_at_once_one_wins);
  CPPUNIT_TEST(a_new_password_ends_the_other_sessions_but_no_api_token);
  CPPUNIT_TEST(a_wrong_current_password_changes_nothing);
  CPPUNIT_TEST(no_session_of_the_old_password_survives_a_change);
  CPPUNIT_TEST(takes_no_token_that_is_forged_foreign_or_out_of_time);
  CPPUNIT_TEST(a_session_row_of_another_account_does_not_count);
  CPPUNIT_TEST(an_api_token_is_no_session);
  CPPUNIT_TEST(each_request_costs_one_query);
  CPPUNIT_TEST(shows_an_account_with_its_packages);
  CPPUNIT_TEST_SUITE_END();

  static constexpr const char* k_new_password = "another long phrase";

  static std::string outcome(Worker& worker, const std::string& token) {
    return refusal([&] { worker.authenticator.authenticate(token); });
  }

 public:
  void signing_out_counts_in_every_worker_at_once() {
    AccountsRig rig;
    const auto other = rig.another_worker();
    const auto made = rig.worker.register_user("ada");
    const auto second = rig.worker.accounts.login("ada", k_password, k_origin);
    const auto who = other->authenticator.authenticate(made.token);
    rig.worker.accounts.logout(who, k_origin);
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"), outcome(*other, made.token));
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"), outcome(rig.worker, made.token));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), outcome(*other, second.token));
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"),
                         refusal([&] { rig.worker.accounts.logout(who, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM audit WHERE action = 'logout'"));
  }

  void refreshing_replaces_the_session() {
    AccountsRig rig;
    const auto other = rig.another_worker();
    const auto made = rig.worker.register_user("ada", "ada@example.org");
    const auto fresh =
        rig.worker.accounts.refresh(rig.worker.authenticator.authenticate(made.token), k_origin);
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"), outcome(*other, made.token));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), outcome(*other, fresh.token));
    CPPUNIT_ASSERT_EQUAL(std::string("ada@example.org"), fresh.account.email.value_or(""));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM sessions"));
  }

  void of_two_that_refresh_at_once_one_wins() {
    AccountsRig rig;
    const auto first = rig.another_worker(), second = rig.another_worker();
    std::string token = rig.worker.register_user("ada").token;
    for (int round = 0; round < 30; ++round) {
      const auto who = rig.worker.authenticator.authenticate(token);
      std::barrier start(2);
      std::string outcomes[2], fresh[2];
      const auto attempt = [&](Worker& worker, int index) {
        start.arrive_and_wait();
        outcomes[index] = refusal([&] { fresh[index] = worker.accounts.refresh(who, k_origin).token; });
      };
      std::thread rival([&] { attempt(*first, 0); });
      attempt(*second, 1);
      rival.join();
      const int winner = outcomes[0] == "none" ? 0 : 1;
      CPPUNIT_ASSERT_EQUAL(std::string("none"), outcomes[winner]);
      CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"), outcomes[1 - winner]);
      CPPUNIT_ASSERT_EQUAL(std::string("none"), outcome(rig.worker, fresh[winner]));
      CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM sessions"));
      token = fresh[winner];
    }
  }

  void a_new_password_ends_the_other_sessions_but_no_api_token() {
    AccountsRig rig;
    const auto other = rig.another_worker();
    const auto mine = rig.worker.register_user("ada");
    const auto theirs = rig.worker.accounts.login("ada", k_password, k_origin);
    const auto bystander = rig.worker.register_user("grace");
    const auto who = rig.worker.authenticator.authenticate(mine.token);
    const auto api = rig.worker.tokens.create(who, {.name = "ci"}, k_origin);
    rig.worker.accounts.change_password(who, k_password, k_new_password, k_origin);
    CPPUNIT_ASSERT_EQUAL(std::string("none"), outcome(*other, mine.token));
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"), outcome(*other, theirs.token));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), outcome(*other, bystander.token));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), outcome(*other, api.token));
    CPPUNIT_ASSERT_EQUAL(std::string("invalid_credentials"),
                         refusal([&] { other->accounts.login("ada", k_password, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         refusal([&] { other->accounts.login("ada", k_new_password, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(
        std::string("ada 1 other sessions ended"),
        rig.text("SELECT CONCAT(actor, ' ', reason) FROM audit WHERE action = 'password-change'"));
  }

  void a_wrong_current_password_changes_nothing() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada");
    const auto who = rig.worker.authenticator.authenticate(made.token);
    CPPUNIT_ASSERT_EQUAL(std::string("invalid_credentials"), refusal([&] {
                           rig.worker.accounts.change_password(who, "not the password", k_new_password,
                                                               k_origin);
                         }));
    CPPUNIT_ASSERT_EQUAL(std::string("password_unacceptable"), refusal([&] {
                           rig.worker.accounts.change_password(who, k_password, "short", k_origin);
                         }));
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         refusal([&] { rig.worker.accounts.login("ada", k_password, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                         rig.number("SELECT COUNT(*) FROM audit WHERE action = 'password-change-failed'"));
  }

  // Sign-ins and refreshes that are under way while the password changes must not leave a session behind.
  void no_session_of_the_old_password_survives_a_change() {
    AccountsRig rig;
    std::string password = k_password, next = k_new_password;
    auto mine = rig.worker.register_user("ada");
    for (int round = 0; round < 4; ++round) {
      std::mutex mutex;
      std::vector<std::string> tokens;
      std::atomic<bool> stop = false;
      std::vector<std::thread> threads;
      std::barrier start(4);
      for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] {
          const auto worker = rig.another_worker(8);
          start.arrive_and_wait();
          while (!stop)
            refusal([&] {
              auto in = worker->accounts.login("ada", password, k_origin);
              const std::lock_guard lock(mutex);
              tokens.push_back(in.token);
            });
        });
      threads.emplace_back([&] {
        const auto worker = rig.another_worker(8);
        auto token = worker->accounts.login("ada", password, k_origin).token;
        start.arrive_and_wait();
        while (!stop)
          if (refusal([&] {
                token = worker->accounts.refresh(worker->authenticator.authenticate(token), k_origin).token;
                const std::lock_guard lock(mutex);
                tokens.push_back(token);
              }) != "none")
            break;
      });
      start.arrive_and_wait();
      const auto changed = refusal([&] {
        rig.worker.accounts.change_password(rig.worker.authenticator.authenticate(mine.token), password, next,
                                            k_origin);
      });
      stop = true;
      for (auto& thread : threads) thread.join();
      CPPUNIT_ASSERT_EQUAL(std::string("none"), changed);
      for (const auto& token : tokens)
        CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"), outcome(rig.worker, token));
      CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM sessions"));
      std::swap(password, next);
    }
  }

  void takes_no_token_that_is_forged_foreign_or_out_of_time() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada");
    const auto jti = rig.text("SELECT id FROM sessions");
    const SessionClaims claims{std::to_string(made.account.id), jti, now(), now() + std::chrono::hours(1)};
    CPPUNIT_ASSERT_EQUAL(std::string("none"), outcome(rig.worker, rig.worker.keys.sign(claims)));
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"),
                         outcome(rig.worker, JwtKeys({std::string(32, 'x')}).sign(claims)));
    const auto payload =
        made.token.substr(made.token.find('.'), made.token.rfind('.') - made.token.find('.'));
    for (const std::string header : {R"({"alg":"none","typ":"JWT"})", R"({"alg":"HS512","typ":"JWT"})"})
      for (const std::string& signature : {std::string(), made.token.substr(made.token.rfind('.') + 1)})
        CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"),
                             outcome(rig.worker, to_base64url(header) + payload + "." + signature));
    auto past = claims;
    past.issued_at = now() - std::chrono::hours(2);
    past.expires_at = now() - std::chrono::hours(1);
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"), outcome(rig.worker, rig.worker.keys.sign(past)));
    for (const std::string text : {"", "x", "a.b.c", "wharf_", "wharf_abc", "\xff"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("unauthorized"), outcome(rig.worker, text));
    // The token's own time is not the only one that counts.
    rig.sql.execute("UPDATE sessions SET expires_at = ?", now() - std::chrono::seconds(1));
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"), outcome(rig.worker, made.token));
  }

  void a_session_row_of_another_account_does_not_count() {
    AccountsRig rig;
    rig.worker.register_user("ada");
    const auto grace = rig.worker.register_user("grace");
    const auto jti =
        rig.text("SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE username = 'ada'");
    const SessionClaims claims{std::to_string(grace.account.id), jti, now(), now() + std::chrono::hours(1)};
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"), outcome(rig.worker, rig.worker.keys.sign(claims)));
  }

  void an_api_token_is_no_session() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada");
    const auto session = rig.worker.authenticator.authenticate(made.token);
    const auto api = rig.worker.tokens.create(session, {.name = "ci"}, k_origin);
    const auto who = rig.worker.authenticator.authenticate(api.token);
    CPPUNIT_ASSERT(!who.is_session());
    CPPUNIT_ASSERT_EQUAL(std::string("ada"), rig.worker.accounts.account(who).username);
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"),
                         refusal([&] { rig.worker.accounts.refresh(who, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"),
                         refusal([&] { rig.worker.accounts.logout(who, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"), refusal([&] {
                           rig.worker.accounts.change_password(who, k_password, k_new_password, k_origin);
                         }));
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"),
                         refusal([&] { rig.worker.tokens.create(who, {.name = "more"}, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"),
                         refusal([&] { rig.worker.tokens.revoke(who, api.info.id, k_origin); }));
  }

  void each_request_costs_one_query() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada");
    const auto api =
        rig.worker.tokens.create(rig.worker.authenticator.authenticate(made.token), {.name = "ci"}, k_origin);
    const auto executed = [&] {
      auto rows = rig.worker.database.connection().query("SHOW SESSION STATUS LIKE 'Com_stmt_execute'");
      rows.next();
      return std::stoll(rows.text(1));
    };
    for (const auto& token : {made.token, api.token}) {
      rig.worker.authenticator.authenticate(token);  // the first use of an API token is noted
      const auto before = executed();
      rig.worker.authenticator.authenticate(token);
      CPPUNIT_ASSERT_EQUAL(before + 2, executed());  // and the question itself
    }
  }

  void shows_an_account_with_its_packages() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada", "ada@example.org");
    const auto bare = rig.worker.accounts.profile("ADA", store::Quarantined::shown);
    CPPUNIT_ASSERT(bare && bare->packages.empty() && bare->id == made.account.id);
    for (const char* name : {"zeta", "alpha"}) {
      rig.sql.execute(
          "INSERT INTO packages (name, confusion_key, latest_version, document, summary, created_at, "
          "updated_at)"
          " VALUES (?, ?, ?, '{}', ?, ?, ?)",
          name, name, std::string_view(name) == "zeta" ? std::optional<std::string>("1.0.0") : std::nullopt,
          std::string("summary of ") + name, now(), now());
      rig.sql.execute(
          "INSERT INTO package_owners (package_id, user_id, role, added_at) VALUES (?, ?, 'owner', ?)",
          rig.sql.last_insert_id(), made.account.id, now());
    }
    const auto profile = rig.worker.accounts.profile("ada", store::Quarantined::shown);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, profile->packages.size());
    CPPUNIT_ASSERT_EQUAL(std::string("alpha"), profile->packages[0].name);
    CPPUNIT_ASSERT(!profile->packages[0].latest_version);
    CPPUNIT_ASSERT_EQUAL(std::string("summary of zeta"), profile->packages[1].summary);
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), profile->packages[1].latest_version.value_or(""));
    CPPUNIT_ASSERT_EQUAL(std::string("owner"), profile->packages[1].role);
    CPPUNIT_ASSERT(!rig.worker.accounts.profile("nobody", store::Quarantined::shown));
    CPPUNIT_ASSERT_EQUAL(std::string("username_invalid"),
                         refusal([&] { rig.worker.accounts.profile("a b", store::Quarantined::shown); }));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccountsSessionsTest);
