// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "registry/services/account_names.hpp"
#include "tests/store/accounts_rig.hpp"

using namespace wharf;
using namespace wharf::test;

class AccountsRegisterTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AccountsRegisterTest);
  CPPUNIT_TEST(gives_an_account_and_a_session_that_counts_at_once);
  CPPUNIT_TEST(folds_names_and_emails);
  CPPUNIT_TEST(refuses_what_is_not_of_the_form_and_leaves_no_row);
  CPPUNIT_TEST(says_whether_the_name_or_the_email_is_taken);
  CPPUNIT_TEST(many_accounts_have_no_email);
  CPPUNIT_TEST(refuses_when_registration_is_closed);
  CPPUNIT_TEST(of_sixteen_that_register_one_name_one_wins);
  CPPUNIT_TEST(of_sixteen_rows_with_one_email_one_is_inserted);
  CPPUNIT_TEST(says_unavailable_while_every_slot_is_taken);
  CPPUNIT_TEST(knows_names_from_emails);
  CPPUNIT_TEST_SUITE_END();

 public:
  void gives_an_account_and_a_session_that_counts_at_once() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada", "ada@example.org");
    CPPUNIT_ASSERT_EQUAL(std::string("ada"), made.account.username);
    CPPUNIT_ASSERT_EQUAL(std::string("ada@example.org"), made.account.email.value_or(""));
    CPPUNIT_ASSERT(made.account.id > 0 && made.account.role == Role::user);
    CPPUNIT_ASSERT(made.expires_at > now() + std::chrono::days(29));
    CPPUNIT_ASSERT(made.expires_at <= now() + std::chrono::days(30));
    const auto who = rig.another_worker()->authenticator.authenticate(made.token);
    CPPUNIT_ASSERT_EQUAL(made.account.id, who.user_id);
    CPPUNIT_ASSERT_EQUAL(std::string("ada"), who.username);
    CPPUNIT_ASSERT(who.is_session() && who.expires_at == made.expires_at);
    CPPUNIT_ASSERT_EQUAL(
        std::string("register ada ada 192.0.2.7 req-1"),
        rig.text("SELECT CONCAT_WS(' ', action, actor, subject, address, request_id) FROM audit"));
  }

  void folds_names_and_emails() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("Ada_Lovelace-1", "Ada@Example.ORG");
    CPPUNIT_ASSERT_EQUAL(std::string("ada_lovelace-1"), made.account.username);
    CPPUNIT_ASSERT_EQUAL(std::string("ada@example.org"), made.account.email.value_or(""));
    CPPUNIT_ASSERT_EQUAL(std::string("username_taken"),
                         refusal([&] { rig.worker.register_user("ADA_LOVELACE-1"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("email_taken"),
                         refusal([&] { rig.worker.register_user("grace", "ADA@example.org"); }));
  }

  void refuses_what_is_not_of_the_form_and_leaves_no_row() {
    AccountsRig rig;
    for (const std::string name : {"", "ab", "a b c", "ada.l", "ada@x", "größe", "a/../b"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string("username_invalid"),
                                   refusal([&] { rig.worker.register_user(name); }));
    CPPUNIT_ASSERT_EQUAL(std::string("username_invalid"),
                         refusal([&] { rig.worker.register_user(std::string(51, 'a')); }));
    for (const std::string email : {"ada", "@x", "x@", "a@b@c", "a b@c", "a\n@c", "a\xff@c"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(email, std::string("email_invalid"),
                                   refusal([&] { rig.worker.register_user("ada", email); }));
    CPPUNIT_ASSERT_EQUAL(std::string("email_invalid"),
                         refusal([&] { rig.worker.register_user("ada", std::string(253, 'a') + "@b"); }));
    for (const std::string password : {"short", "password", "ada-ada-ada"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(
          password, std::string("password_unacceptable"), refusal([&] {
            rig.worker.accounts.register_account({"Ada-ada-ada", password, {}}, k_origin);
          }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rig.number("SELECT COUNT(*) FROM users"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rig.number("SELECT COUNT(*) FROM audit"));
  }

  void says_whether_the_name_or_the_email_is_taken() {
    AccountsRig rig;
    rig.worker.register_user("ada", "ada@example.org");
    CPPUNIT_ASSERT_EQUAL(std::string("username_taken"),
                         refusal([&] { rig.worker.register_user("ada", "other@example.org"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("email_taken"),
                         refusal([&] { rig.worker.register_user("other", "ada@example.org"); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM users"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM sessions"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM audit"));
  }

  void many_accounts_have_no_email() {
    AccountsRig rig;
    rig.worker.register_user("ada");
    rig.worker.register_user("grace");
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rig.number("SELECT COUNT(*) FROM users WHERE email IS NULL"));
  }

  void refuses_when_registration_is_closed() {
    AccountsRig rig;
    const auto closed = rig.another_worker(4, {.registration_open = false});
    CPPUNIT_ASSERT_EQUAL(std::string("registration_closed"), refusal([&] { closed->register_user("ada"); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rig.number("SELECT COUNT(*) FROM users"));
  }

  void of_sixteen_that_register_one_name_one_wins() {
    AccountsRig rig;
    std::atomic<int> won = 0, taken = 0, other = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i)
      threads.emplace_back([&, i] {
        const auto worker = rig.another_worker(16);
        const auto outcome =
            refusal([&] { worker->register_user("ada", "ada" + std::to_string(i) + "@example.org"); });
        ++(outcome == "none" ? won : outcome == "username_taken" ? taken : other);
      });
    for (auto& thread : threads) thread.join();
    CPPUNIT_ASSERT_EQUAL(1, won.load());
    CPPUNIT_ASSERT_EQUAL(15, taken.load());
    CPPUNIT_ASSERT_EQUAL(0, other.load());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM users"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM sessions"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM audit WHERE action = 'register'"));
  }

  void of_sixteen_rows_with_one_email_one_is_inserted() {
    AccountsRig rig;
    for (int round = 0; round < 10; ++round) {
      std::barrier start(16);
      std::atomic<int> won = 0, refused = 0;
      std::vector<std::thread> threads;
      for (int i = 0; i < 16; ++i)
        threads.emplace_back([&, i] {
          store::Database database(rig.scratch.settings());
          database.connection();
          store::User user;
          user.username = "user-" + std::to_string(round) + "-" + std::to_string(i);
          user.email = "shared" + std::to_string(round) + "@example.org";
          user.password_hash = "none";
          user.role = "user";
          user.created_at = now();
          start.arrive_and_wait();
          try {
            database.transaction([&](store::Connection& c) { store::insert_user(c, user); });
            ++won;
          } catch (const store::DatabaseError& error) {
            if (error.key == "users_email") ++refused;
          }
        });
      for (auto& thread : threads) thread.join();
      CPPUNIT_ASSERT_EQUAL(1, won.load());
      CPPUNIT_ASSERT_EQUAL(15, refused.load());
    }
  }

  void says_unavailable_while_every_slot_is_taken() {
    AccountsRig rig;
    const auto worker = rig.another_worker(1);
    rig.worker.register_user("ada");
    {
      const auto taken = worker->slots.try_acquire();
      CPPUNIT_ASSERT(taken.has_value());
      CPPUNIT_ASSERT_EQUAL(std::string("unavailable"), refusal([&] { worker->register_user("grace"); }));
      try {
        worker->accounts.login("ada", k_password, k_origin);
        CPPUNIT_FAIL("expected unavailable");
      } catch (const Error& error) {
        CPPUNIT_ASSERT(error.code() == Code::unavailable && error.retry_after().has_value());
      }
    }
    CPPUNIT_ASSERT_EQUAL(std::string("none"), refusal([&] { worker->register_user("grace"); }));
  }

  void knows_names_from_emails() {
    CPPUNIT_ASSERT(is_username("a-1") && is_username(std::string(50, 'z')));
    CPPUNIT_ASSERT(!is_username("Ada") && !is_username("ad"));
    CPPUNIT_ASSERT(is_email("a@b") && is_email("größe@example.org") &&
                   is_email(std::string(252, 'a') + "@b"));
    CPPUNIT_ASSERT(!is_email("ada") && !is_email("a@@b"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccountsRegisterTest);
