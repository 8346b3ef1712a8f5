// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/token.hpp"
#include "tests/store/accounts_rig.hpp"

using namespace wharf;
using namespace wharf::test;

class AccountsTokensTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AccountsTokensTest);
  CPPUNIT_TEST(makes_a_token_that_counts_until_it_is_revoked);
  CPPUNIT_TEST(holds_to_scopes_and_packages);
  CPPUNIT_TEST(refuses_fields_that_are_not_of_the_form);
  CPPUNIT_TEST(runs_out);
  CPPUNIT_TEST(a_disabled_account_has_no_tokens_that_count);
  CPPUNIT_TEST(nobody_sees_or_revokes_the_tokens_of_others);
  CPPUNIT_TEST(notes_the_last_use_at_most_once_a_minute);
  CPPUNIT_TEST(keeps_no_secret_anywhere);
  CPPUNIT_TEST_SUITE_END();

  static Principal signed_in(AccountsRig& rig, const std::string& name) {
    return rig.worker.authenticator.authenticate(rig.worker.register_user(name).token);
  }

 public:
  void makes_a_token_that_counts_until_it_is_revoked() {
    AccountsRig rig;
    const auto other = rig.another_worker();
    const auto ada = signed_in(rig, "ada");
    const auto made = rig.worker.tokens.create(ada, {.name = "größer 😀"}, k_origin);
    CPPUNIT_ASSERT(looks_like_api_token(made.token));
    CPPUNIT_ASSERT(!made.info.expires_at && !made.info.last_used_at);
    const auto who = other->authenticator.authenticate(made.token);
    CPPUNIT_ASSERT_EQUAL(ada.user_id, who.user_id);
    CPPUNIT_ASSERT(who.credential == Principal::Credential::api_token && !who.expires_at);
    const auto listed = other->tokens.list(ada);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listed.size());
    CPPUNIT_ASSERT_EQUAL(made.info.id, listed[0].id);
    CPPUNIT_ASSERT_EQUAL(std::string("größer 😀"), listed[0].name);
    CPPUNIT_ASSERT(listed[0].scopes == (std::vector<std::string>{"publish", "yank"}));
    CPPUNIT_ASSERT_EQUAL(std::string("*"), listed[0].packages);
    CPPUNIT_ASSERT(listed[0].last_used_at.has_value());
    rig.worker.tokens.revoke(ada, made.info.id, k_origin);
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"),
                         refusal([&] { other->authenticator.authenticate(made.token); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"),
                         refusal([&] { rig.worker.tokens.revoke(ada, made.info.id, k_origin); }));
    CPPUNIT_ASSERT(other->tokens.list(ada).empty());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rig.number("SELECT COUNT(*) FROM audit WHERE actor = 'ada' AND"
                                                     " subject LIKE 'token:%'"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rig.number("SELECT COUNT(*) FROM audit WHERE actor = 'ada' AND"
                                                     " reason IS NULL AND detail LIKE '''größer 😀''%'"));
  }

  void holds_to_scopes_and_packages() {
    AccountsRig rig;
    const auto ada = signed_in(rig, "ada");
    const auto made = rig.worker.tokens.create(
        ada, {.name = "ci", .scopes = {"owners", "publish", "publish"}, .packages = "geo-*"}, k_origin);
    CPPUNIT_ASSERT(made.info.scopes == (std::vector<std::string>{"publish", "owners"}));
    const auto who = rig.worker.authenticator.authenticate(made.token);
    const auto allowed = [&](Scope scope, const char* package) {
      return refusal([&] { require_scope(who, scope, package); });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("none"), allowed(Scope::publish, "geo-kit"));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), allowed(Scope::owners, "geo-kit"));
    CPPUNIT_ASSERT_EQUAL(std::string("scope_missing"), allowed(Scope::yank, "geo-kit"));
    CPPUNIT_ASSERT_EQUAL(std::string("scope_missing"), allowed(Scope::publish, "geography"));
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"), refusal([&] { require_session(who); }));
    require_session(ada);
    require_scope(ada, Scope::yank, "anything");
  }

  void refuses_fields_that_are_not_of_the_form() {
    AccountsRig rig;
    const auto ada = signed_in(rig, "ada");
    const auto refused = [&](const TokenRequest& wanted) {
      return refusal([&] { rig.worker.tokens.create(ada, wanted, k_origin); });
    };
    std::string hundred, more;
    for (int i = 0; i < 100; ++i) hundred += "ö";
    more = hundred + "x";
    CPPUNIT_ASSERT_EQUAL(std::string("none"), refused({.name = hundred, .expires_in_days = 3650}));
    for (const std::string& name :
         {std::string(), std::string("  "), more, std::string("a\nb"), std::string("\xff")})
      CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refused({.name = name}));
    for (const std::string scope : {"admin", "Publish", "", "publish,yank"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(scope, std::string("bad_request"),
                                   refused({.name = "ci", .scopes = {scope}}));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refused({.name = "ci", .scopes = {}}));
    for (const std::string& glob :
         {std::string(), std::string("Geo"), std::string("a b"), std::string("a?"), std::string(65, '*')})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(glob, std::string("bad_request"),
                                   refused({.name = "ci", .packages = glob}));
    for (const std::int64_t days :
         {std::int64_t{0}, std::int64_t{-1}, std::int64_t{3651}, std::int64_t{1} << 53})
      CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refused({.name = "ci", .expires_in_days = days}));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM api_tokens"));
  }

  void runs_out() {
    AccountsRig rig;
    const auto ada = signed_in(rig, "ada");
    const auto made = rig.worker.tokens.create(ada, {.name = "ci", .expires_in_days = 1}, k_origin);
    CPPUNIT_ASSERT(made.info.expires_at == made.info.created_at + std::chrono::days(1));
    CPPUNIT_ASSERT(rig.worker.authenticator.authenticate(made.token).expires_at == made.info.expires_at);
    rig.sql.execute("UPDATE api_tokens SET expires_at = ?", now() - std::chrono::milliseconds(1));
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"),
                         refusal([&] { rig.worker.authenticator.authenticate(made.token); }));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.worker.tokens.list(ada).size());
  }

  void a_disabled_account_has_no_tokens_that_count() {
    AccountsRig rig;
    const auto made = rig.worker.tokens.create(signed_in(rig, "ada"), {.name = "ci"}, k_origin);
    rig.sql.execute("UPDATE users SET disabled_at = ?", now());
    CPPUNIT_ASSERT_EQUAL(std::string("account_disabled"),
                         refusal([&] { rig.worker.authenticator.authenticate(made.token); }));
    CPPUNIT_ASSERT(!rig.worker.authenticator.recognize(made.token));
  }

  void nobody_sees_or_revokes_the_tokens_of_others() {
    AccountsRig rig;
    const auto ada = signed_in(rig, "ada"), grace = signed_in(rig, "grace");
    const auto made = rig.worker.tokens.create(ada, {.name = "ci"}, k_origin);
    CPPUNIT_ASSERT(rig.worker.tokens.list(grace).empty());
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"),
                         refusal([&] { rig.worker.tokens.revoke(grace, made.info.id, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         refusal([&] { rig.worker.authenticator.authenticate(made.token); }));
  }

  void notes_the_last_use_at_most_once_a_minute() {
    AccountsRig rig;
    const auto made = rig.worker.tokens.create(signed_in(rig, "ada"), {.name = "ci"}, k_origin);
    const auto used_after = [&](std::optional<Time> stored) {
      rig.sql.execute("UPDATE api_tokens SET last_used_at = ?", stored);
      rig.worker.authenticator.authenticate(made.token);
      auto rows = rig.sql.query("SELECT last_used_at FROM api_tokens");
      rows.next();
      return rows.maybe_time(0);
    };
    const Time started = now();
    CPPUNIT_ASSERT(used_after(std::nullopt) >= started);
    const Time recent = now() - std::chrono::seconds(50);
    CPPUNIT_ASSERT(used_after(recent) == recent);
    CPPUNIT_ASSERT(used_after(now() - std::chrono::seconds(70)) >= started);
  }

  // What an attacker finds who reads the whole database.
  void keeps_no_secret_anywhere() {
    AccountsRig rig;
    const auto made = rig.worker.register_user("ada", "ada@example.org");
    const auto ada = rig.worker.authenticator.authenticate(made.token);
    const auto api = rig.worker.tokens.create(ada, {.name = "ci"}, k_origin);
    rig.worker.authenticator.authenticate(api.token);
    refusal([&] { rig.worker.accounts.login("ada", "tried-in-vain", k_origin); });
    refusal([&] { rig.worker.accounts.login("tried-in-vain", "tried-in-vain", k_origin); });
    refusal([&] { rig.worker.accounts.change_password(ada, "tried-in-vain", "tried-to-become", k_origin); });
    rig.worker.accounts.change_password(ada, k_password, "another long phrase", k_origin);
    const auto fresh = rig.worker.accounts.refresh(ada, k_origin);

    std::vector<std::string> columns;
    {
      auto rows = rig.sql.query(
          "SELECT CONCAT('SELECT ', COLUMN_NAME, ' FROM ', TABLE_NAME) FROM information_schema.COLUMNS"
          " WHERE TABLE_SCHEMA = DATABASE()");
      while (rows.next()) columns.push_back(rows.text(0));
    }
    CPPUNIT_ASSERT(columns.size() > 50);
    std::string dump;
    for (const auto& column : columns) {
      auto rows = rig.sql.query(column);
      while (rows.next()) dump += rows.maybe_text(0).value_or("") + "\n";
    }
    CPPUNIT_ASSERT(dump.find("ada@example.org") != dump.npos);
    CPPUNIT_ASSERT(dump.find(to_hex(api_token_digest(api.token))) != dump.npos);
    const auto signature = [](const std::string& jwt) { return jwt.substr(jwt.rfind('.')); };
    for (const std::string& secret :
         {k_password, std::string("another long phrase"), std::string("tried-in-vain"),
          std::string("tried-to-become"), made.token, signature(made.token), fresh.token,
          signature(fresh.token), api.token, api.token.substr(6)})
      CPPUNIT_ASSERT_MESSAGE(secret, dump.find(secret) == dump.npos);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccountsTokensTest);
