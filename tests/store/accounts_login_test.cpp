// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>

#include "libwharf/crypto/password.hpp"
#include "tests/store/accounts_rig.hpp"

using namespace wharf;
using namespace wharf::test;

class AccountsLoginTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AccountsLoginTest);
  CPPUNIT_TEST(takes_the_name_or_the_email_in_any_case);
  CPPUNIT_TEST(says_the_same_of_a_wrong_password_and_an_unknown_account);
  CPPUNIT_TEST(costs_the_same_for_an_unknown_account);
  CPPUNIT_TEST(notes_a_failure_without_what_was_typed);
  CPPUNIT_TEST(tells_that_an_account_is_disabled_only_after_the_right_password);
  CPPUNIT_TEST(replaces_an_imported_hash);
  CPPUNIT_TEST(removes_some_sessions_that_have_run_out);
  CPPUNIT_TEST_SUITE_END();

 public:
  void takes_the_name_or_the_email_in_any_case() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada", "ada@example.org");
    for (const char* name : {"ada", "ADA", "ada@example.org", "Ada@Example.org"}) {
      const auto in = rig.worker.accounts.login(name, k_password, k_origin);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, made.account.id, in.account.id);
      CPPUNIT_ASSERT(in.token != made.token);
      CPPUNIT_ASSERT_EQUAL(std::string("ada"), rig.worker.authenticator.authenticate(in.token).username);
    }
    CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, rig.number("SELECT COUNT(*) FROM audit WHERE action = 'login'"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, rig.number("SELECT COUNT(*) FROM sessions"));
  }

  void says_the_same_of_a_wrong_password_and_an_unknown_account() {
    AccountsRig rig;
    rig.worker.register_user("ada", "ada@example.org");
    std::vector<std::string> sentences;
    for (const std::string name :
         {"ada", "ada@example.org", "nobody", "nobody@example.org", "", "x", "größe", "a b c"})
      try {
        rig.worker.accounts.login(name, "not the password", k_origin);
        CPPUNIT_FAIL("expected a refusal");
      } catch (const Error& error) {
        CPPUNIT_ASSERT_MESSAGE(name, error.code() == Code::invalid_credentials);
        sentences.push_back(error.public_message());
        CPPUNIT_ASSERT(error.detail().empty());
      }
    CPPUNIT_ASSERT_EQUAL(sentences.size(),
                         static_cast<std::size_t>(std::ranges::count(sentences, sentences.front())));
    CPPUNIT_ASSERT_EQUAL(std::string("invalid_credentials"),
                         refusal([&] { rig.worker.accounts.login("ada", "", k_origin); }));
  }

  void costs_the_same_for_an_unknown_account() {
    AccountsRig rig;
    rig.worker.register_user("ada");
    // Processor time, not the clock: what a check costs does not depend on what else the machine is doing.
    const auto cheapest = [&](const char* name) {
      auto best = std::numeric_limits<std::clock_t>::max();
      for (int i = 0; i < 3; ++i) {
        const auto start = std::clock();
        refusal([&] { rig.worker.accounts.login(name, "not the password", k_origin); });
        best = std::min(best, std::clock() - start);
      }
      return static_cast<double>(best);
    };
    const double known = cheapest("ada"), unknown = cheapest("nobody"), malformed = cheapest("x");
    CPPUNIT_ASSERT_MESSAGE(std::to_string(unknown / known), unknown / known > 0.5 && unknown / known < 2);
    CPPUNIT_ASSERT_MESSAGE(std::to_string(malformed / known),
                           malformed / known > 0.5 && malformed / known < 2);
  }

  void notes_a_failure_without_what_was_typed() {
    AccountsRig rig;
    rig.worker.register_user("ada");
    refusal([&] { rig.worker.accounts.login("ada", "tried-secret-1", k_origin); });
    refusal([&] { rig.worker.accounts.login("typed-into-the-wrong-field", "tried-secret-2", k_origin); });
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "(null)|ada|192.0.2.7|wrong password|req-1,(null)|(null)|192.0.2.7|no such account|req-1"),
        rig.text("SELECT GROUP_CONCAT(CONCAT_WS('|', COALESCE(actor, '(null)'), COALESCE(subject, '(null)'), "
                 "address,"
                 " reason, request_id) ORDER BY id) FROM audit WHERE action = 'login-failed'"));
  }

  void tells_that_an_account_is_disabled_only_after_the_right_password() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada");
    rig.sql.execute("UPDATE users SET disabled_at = ? WHERE username = 'ada'", now());
    CPPUNIT_ASSERT_EQUAL(std::string("invalid_credentials"),
                         refusal([&] { rig.worker.accounts.login("ada", "not the password", k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::string("account_disabled"),
                         refusal([&] { rig.worker.accounts.login("ada", k_password, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::string("account_disabled"),
                         refusal([&] { rig.worker.authenticator.authenticate(made.token); }));
    CPPUNIT_ASSERT(!rig.worker.authenticator.recognize(made.token));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM sessions"));
    rig.sql.execute("UPDATE users SET disabled_at = NULL WHERE username = 'ada'");
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         refusal([&] { rig.worker.authenticator.authenticate(made.token); }));
  }

  void replaces_an_imported_hash() {
    AccountsRig rig;
    rig.worker.register_user("ada");
    // PBKDF2-HMAC-SHA256 of "correct horse battery", 1000 rounds, the salt as text.
    rig.sql.execute("UPDATE users SET password_hash = ?", k_imported_hash);
    rig.worker.accounts.login("ada", k_password, k_origin);
    const auto stored = rig.text("SELECT password_hash FROM users");
    CPPUNIT_ASSERT_MESSAGE(stored, stored.starts_with("$argon2id$"));
    CPPUNIT_ASSERT(!check_password(k_password, stored).outdated);
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         refusal([&] { rig.worker.accounts.login("ada", k_password, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(stored, rig.text("SELECT password_hash FROM users"));
  }

  void removes_some_sessions_that_have_run_out() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada");
    for (int i = 0; i < 120; ++i)
      rig.sql.execute("INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
                      "expired-" + std::to_string(i), made.account.id, now() - std::chrono::days(31),
                      now() - std::chrono::days(1));
    rig.worker.accounts.login("ada", k_password, k_origin);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{22}, rig.number("SELECT COUNT(*) FROM sessions"));
    rig.worker.accounts.login("ada", k_password, k_origin);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, rig.number("SELECT COUNT(*) FROM sessions"));
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         refusal([&] { rig.worker.authenticator.authenticate(made.token); }));
  }

 private:
  static constexpr const char* k_imported_hash =
      "pbkdf2_sha256$1000$00112233445566778899aabbccddeeff$"
      "9d2788a7115b2fce29a5595f25ec95e0166f8d099603319ccc25fb2029ba0489";
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccountsLoginTest);
