// SPDX-License-Identifier: MIT
// The operator's services over accounts: who may call them, what a deletion leaves, and that neither lost
// answers nor others at the same moment break it.
#include "registry/services/user_administration.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <thread>

#include "registry/services/owners.hpp"
#include "tests/store/accounts_rig.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;

namespace {

struct Rig : AccountsRig {
  VisibilityReader visibility{"/nowhere/state", "/nowhere/socket"};
  UserAdministration users{worker.database, worker.slots, visibility, std::chrono::milliseconds(0)};
  Principal who = operator_principal();
  Origin origin{"", "", "a test"};

  Account add(const std::string& name, std::optional<std::string> email = std::nullopt) {
    return users.add(who, {name, k_password, std::move(email), Role::user}, origin);
  }
  // A package with these owners, as rows alone.
  void package(const std::string& name, const std::vector<std::pair<std::string, std::string>>& owners) {
    sql.execute(
        "INSERT INTO packages (name, confusion_key, document, summary, created_at, updated_at) VALUES (?, ?, "
        "?, '{}', NOW(3), NOW(3))",
        name, name, PackageDocument("").render({}));
    for (const auto& [user, role] : owners)
      sql.execute(
          "INSERT INTO package_owners (package_id, user_id, role, added_at) SELECT p.id, u.id, ?, NOW(3)"
          " FROM packages p, users u WHERE p.name = ? AND u.username = ?",
          role, name, user);
  }
  std::string owners(const std::string& package) {
    return text(
        "SELECT GROUP_CONCAT(CONCAT(u.username, ':', o.role) ORDER BY u.username) FROM package_owners o"
        " JOIN users u ON u.id = o.user_id JOIN packages p ON p.id = o.package_id WHERE p.name = '" +
        package + "'");
  }
  std::int64_t audit_rows() { return number("SELECT COUNT(*) FROM audit"); }
};

}  // namespace

class UserAdministrationTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(UserAdministrationTest);
  CPPUNIT_TEST(nobody_but_the_operator_may);
  CPPUNIT_TEST(a_taken_name_and_e_mail_are_refused_as_at_registration);
  CPPUNIT_TEST(a_login_under_way_does_not_survive_being_disabled);
  CPPUNIT_TEST(a_deleted_account_is_found_by_nothing_and_keeps_its_name);
  CPPUNIT_TEST(a_deletion_is_all_or_nothing);
  CPPUNIT_TEST(a_deletion_hands_over_what_would_be_nobodys);
  CPPUNIT_TEST(two_deletions_that_name_each_other_leave_one_account);
  CPPUNIT_TEST(a_package_that_came_for_another_meanwhile_is_left_too);
  CPPUNIT_TEST(a_token_made_at_the_moment_of_deletion_is_refused);
  CPPUNIT_TEST(lists_are_by_name_and_paged);
  CPPUNIT_TEST_SUITE_END();

 public:
  void nobody_but_the_operator_may() {
    Rig rig;
    rig.add("ada");
    Principal admin;
    admin.username = "root";
    admin.role = Role::admin;
    const auto before = rig.audit_rows();
    const std::function<void()> calls[] = {
        [&] {
          rig.users.add(admin, {"bob", k_password, {}, Role::user}, k_origin);
        },
        [&] { rig.users.set_password(admin, "ada", k_password, k_origin); },
        [&] { rig.users.disable(admin, "ada", k_origin); },
        [&] { rig.users.enable(admin, "ada", k_origin); },
        [&] { rig.users.set_role(admin, "ada", Role::admin, k_origin); },
        [&] { rig.users.remove(admin, "ada", {}, k_origin); },
        [&] { rig.users.list(admin, {}, "", 10); },
        [&] { rig.users.show(admin, "ada"); },
        [&] { rig.worker.tokens.create_for(admin, "ada", {.name = "x"}, k_origin); },
        [&] { rig.worker.tokens.revoke_of(admin, "ada", {}, k_origin); }};
    for (const auto& call : calls) CPPUNIT_ASSERT_EQUAL(std::string("forbidden"), refusal(call));
    CPPUNIT_ASSERT_EQUAL(before, rig.audit_rows());
  }

  void a_taken_name_and_e_mail_are_refused_as_at_registration() {
    Rig rig;
    rig.worker.register_user("ada", "ada@example.org");
    CPPUNIT_ASSERT_EQUAL(std::string("username_taken"), refusal([&] { rig.add("ADA"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("email_taken"), refusal([&] { rig.add("bob", "Ada@Example.org"); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.audit_rows());
  }

  void a_login_under_way_does_not_survive_being_disabled() {
    Rig rig;
    const auto session = rig.worker.register_user("ada");
    CPPUNIT_ASSERT(rig.users.disable(rig.who, "ada", rig.origin));
    CPPUNIT_ASSERT(!rig.users.disable(rig.who, "ada", rig.origin));
    CPPUNIT_ASSERT_EQUAL(std::string("account_disabled"),
                         refusal([&] { rig.worker.authenticator.authenticate(session.token); }));
    CPPUNIT_ASSERT(rig.users.enable(rig.who, "ada", rig.origin));
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"),
                         refusal([&] { rig.worker.authenticator.authenticate(session.token); }));
  }

  void a_deleted_account_is_found_by_nothing_and_keeps_its_name() {
    Rig rig;
    const auto session = rig.worker.register_user("ada", "ada@example.org");
    const auto principal = rig.worker.authenticator.authenticate(session.token);
    rig.users.remove(rig.who, "ada", {}, rig.origin);
    CPPUNIT_ASSERT_EQUAL(std::string("invalid_credentials"),
                         refusal([&] { rig.worker.accounts.login("ada", k_password, k_origin); }));
    CPPUNIT_ASSERT(!rig.worker.accounts.profile("ada", store::Quarantined::shown));
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"),
                         refusal([&] { rig.worker.accounts.account(principal); }));
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"),
                         refusal([&] { rig.worker.accounts.refresh(principal, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::string("username_taken"), refusal([&] { rig.worker.register_user("ada"); }));
    rig.worker.register_user("bob", "ada@example.org");
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"),
                         refusal([&] { rig.users.enable(rig.who, "ada", rig.origin); }));
    CPPUNIT_ASSERT_EQUAL(
        std::string("(null) user"),
        rig.text("SELECT CONCAT(COALESCE(email, '(null)'), ' ', role) FROM users WHERE username = 'ada'"));
  }

  void a_deletion_is_all_or_nothing() {
    Rig rig;
    rig.worker.register_user("ada");
    rig.add("bob");
    rig.package("alone", {{"ada", "owner"}, {"bob", "maintainer"}});
    rig.package("shared", {{"ada", "owner"}, {"bob", "owner"}});
    const auto before = rig.audit_rows();
    CPPUNIT_ASSERT_EQUAL(std::string("last_owner"),
                         refusal([&] { rig.users.remove(rig.who, "ada", {}, rig.origin); }));
    rig.users.disable(rig.who, "bob", rig.origin);
    CPPUNIT_ASSERT_EQUAL(std::string("conflict"),
                         refusal([&] { rig.users.remove(rig.who, "ada", "bob", rig.origin); }));
    CPPUNIT_ASSERT_EQUAL(before + 1, rig.audit_rows());
    CPPUNIT_ASSERT_EQUAL(std::string("ada:owner,bob:owner"), rig.owners("shared"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rig.number("SELECT COUNT(*) FROM journal"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig.number("SELECT COUNT(*) FROM sessions"));
  }

  void a_deletion_hands_over_what_would_be_nobodys() {
    Rig rig;
    rig.add("ada");
    rig.add("bob");
    rig.package("alone", {{"ada", "owner"}, {"bob", "maintainer"}});
    rig.package("bare", {{"ada", "owner"}});
    rig.package("helped", {{"bob", "owner"}, {"ada", "maintainer"}});
    const auto done = rig.users.remove(rig.who, "ada", "bob", rig.origin);
    CPPUNIT_ASSERT((std::vector<std::string>{"alone", "bare"}) == done.handed_over);
    CPPUNIT_ASSERT((std::vector<std::string>{"helped"}) == done.left);
    for (const char* name : {"alone", "bare", "helped"})
      CPPUNIT_ASSERT_EQUAL(std::string("bob:owner"), rig.owners(name));
    CPPUNIT_ASSERT_EQUAL(
        std::string("alone owner-transfer,bare owner-transfer,helped owner-remove"),
        rig.text("SELECT GROUP_CONCAT(CONCAT(package, ' ', action) ORDER BY seq) FROM journal"));
    // The last number of the journal is the last package's revision.
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, rig.number("SELECT revision FROM packages WHERE name = 'helped'"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("a test|1 packages left, 2 handed over to bob: 'alone', 'bare'"),
        rig.text("SELECT CONCAT(reason, '|', detail) FROM audit WHERE action = 'user-delete'"));
  }

  void two_deletions_that_name_each_other_leave_one_account() {
    Rig rig;
    rig.add("ada");
    rig.add("bob");
    rig.package("of-ada", {{"ada", "owner"}});
    rig.package("of-bob", {{"bob", "owner"}});
    auto other = rig.another_worker();
    VisibilityReader visibility("/nowhere/state", "/nowhere/socket");
    UserAdministration others(other->database, other->slots, visibility, std::chrono::milliseconds(0));
    std::string first, second;
    std::thread thread([&] { first = refusal([&] { others.remove(rig.who, "ada", "bob", rig.origin); }); });
    second = refusal([&] { rig.users.remove(rig.who, "bob", "ada", rig.origin); });
    thread.join();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(first + " " + second, std::int64_t{1},
                                 rig.number("SELECT COUNT(*) FROM users WHERE deleted_at IS NULL"));
    CPPUNIT_ASSERT_EQUAL(
        std::int64_t{0},
        rig.number("SELECT COUNT(*) FROM package_owners o JOIN users u ON u.id = o.user_id WHERE "
                   "u.deleted_at IS NOT NULL"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rig.number("SELECT COUNT(*) FROM package_owners"));
  }

  void a_package_that_came_for_another_meanwhile_is_left_too() {
    Rig rig;
    rig.add("ada");
    rig.add("bob");
    rig.package("gone", {{"ada", "owner"}, {"bob", "owner"}});
    rig.package("come", {{"bob", "owner"}});
    store::Connection meanwhile(rig.scratch.settings());
    meanwhile.run_text("BEGIN");
    meanwhile.query("SELECT id FROM packages WHERE name = 'gone' FOR UPDATE").next();
    std::string outcome;
    std::thread deletion(
        [&] { outcome = refusal([&] { rig.users.remove(rig.who, "ada", {}, rig.origin); }); });
    bool waits = false;
    for (int i = 0; i < 1000 && !waits; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      waits =
          rig.number("SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'") == 1;
    }
    meanwhile.execute(
        "UPDATE package_owners SET package_id = (SELECT id FROM packages WHERE name = 'come')"
        " WHERE user_id = (SELECT id FROM users WHERE username = 'ada')");
    meanwhile.run_text("COMMIT");
    deletion.join();
    CPPUNIT_ASSERT(waits);
    CPPUNIT_ASSERT_EQUAL(std::string("none"), outcome);
    CPPUNIT_ASSERT_EQUAL(std::string("bob:owner"), rig.owners("come"));
  }

  void a_token_made_at_the_moment_of_deletion_is_refused() {
    Rig rig;
    const auto principal = rig.worker.authenticator.authenticate(rig.worker.register_user("ada").token);
    rig.users.remove(rig.who, "ada", {}, rig.origin);
    CPPUNIT_ASSERT_EQUAL(std::string("unauthorized"),
                         refusal([&] { rig.worker.tokens.create(principal, {.name = "x"}, k_origin); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rig.number("SELECT COUNT(*) FROM api_tokens"));
  }

  void lists_are_by_name_and_paged() {
    Rig rig;
    for (const char* name : {"cleo", "ada", "bob"}) rig.add(name);
    rig.users.set_role(rig.who, "bob", Role::admin, rig.origin);
    const auto names = [&](const UserFilter& filter, std::string_view after, unsigned limit) {
      std::string joined;
      for (const auto& user : rig.users.list(rig.who, filter, after, limit)) joined += user.username + " ";
      return joined;
    };
    CPPUNIT_ASSERT_EQUAL(std::string("ada bob "), names({}, "", 2));
    CPPUNIT_ASSERT_EQUAL(std::string("cleo "), names({}, "bob", 2));
    CPPUNIT_ASSERT_EQUAL(std::string("bob "), names({.role = "admin"}, "", 9));
    CPPUNIT_ASSERT_EQUAL(
        std::string("ada cleo "),
        names({.role = "user", .text = "a", .since = Time{}}, "", 1) + names({.text = "le"}, "", 9));
    CPPUNIT_ASSERT_EQUAL(std::string(), names({.since = now() + std::chrono::hours(1)}, "", 9));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UserAdministrationTest);
