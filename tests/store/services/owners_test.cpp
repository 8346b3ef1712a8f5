// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <thread>

#include "libwharf/json/value.hpp"
#include "registry/services/owners.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;

class OwnersTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(OwnersTest);
  CPPUNIT_TEST(adding_is_journalled_audited_and_shown);
  CPPUNIT_TEST(adding_again_changes_nothing_and_another_role_does);
  CPPUNIT_TEST(removing_is_journalled_audited_and_shown);
  CPPUNIT_TEST(the_last_owner_stays_an_owner);
  CPPUNIT_TEST(an_owner_may_go_while_another_is_there);
  CPPUNIT_TEST(only_owners_whose_token_says_so_change_owners);
  CPPUNIT_TEST(accounts_that_are_not_there_or_disabled_are_refused);
  CPPUNIT_TEST(the_operator_needs_no_role);
  CPPUNIT_TEST(a_transfer_leaves_one_owner_alone);
  CPPUNIT_TEST(maintainers_publish_and_yank_and_no_more);
  CPPUNIT_TEST(two_owners_who_remove_each_other_leave_one);
  CPPUNIT_TEST(roles_have_two_names);
  CPPUNIT_TEST_SUITE_END();

  static Owners owners(Registry& registry) {
    return Owners(registry.database, registry.visibility, std::chrono::milliseconds(0));
  }
  static std::string listed(Registry& registry, const std::string& package = "kit") {
    std::string all;
    for (const auto& owner : owners(registry).list(package)) all += owner.username + ":" + owner.role + " ";
    return all;
  }
  static std::string last_event(Registry& registry) {
    return registry.text("SELECT body FROM journal ORDER BY seq DESC LIMIT 1");
  }
  static std::string audit(Registry& registry) {
    return registry.text(
        "SELECT CONCAT_WS('|', action, actor, subject, address, COALESCE(reason, '-'), request_id, detail) "
        "FROM audit"
        " ORDER BY id DESC LIMIT 1");
  }
  struct World : Registry {
    Principal ada = add_user("ada"), bob = add_user("bob"), eve = add_user("eve");
    World() { publish(ada, "kit", "1.0.0"); }
    std::int64_t events() { return number("SELECT COUNT(*) FROM journal"); }
    std::int64_t audited() { return number("SELECT COUNT(*) FROM audit"); }
  };
  static inline const Origin k_origin{"192.0.2.1", "r1"};

 public:
  void adding_is_journalled_audited_and_shown() {
    World world;
    const auto outcome = owners(world).add("kit", "Bob", OwnerRole::maintainer, world.ada, k_origin);
    CPPUNIT_ASSERT(outcome.changed);
    CPPUNIT_ASSERT_EQUAL(std::string("bob"), outcome.subject.username);
    CPPUNIT_ASSERT_EQUAL(world.bob.user_id, outcome.subject.user_id);
    CPPUNIT_ASSERT_EQUAL(std::string("maintainer"), outcome.subject.role);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, outcome.owners.size());
    CPPUNIT_ASSERT_EQUAL(std::string("ada:owner bob:maintainer "), listed(world));

    const auto body = json::parse(last_event(world));
    CPPUNIT_ASSERT(body.root()["action"].string() == "owner-add");
    CPPUNIT_ASSERT(body.root()["actor"].string() == "ada");
    CPPUNIT_ASSERT(body.root()["version"].is_null());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, body.root()["owners"].size());
    CPPUNIT_ASSERT_EQUAL(std::string("owner-add|ada|kit bob|192.0.2.1|-|r1|maintainer"), audit(world));
    CPPUNIT_ASSERT_EQUAL(world.document_from_rows("kit"), world.text("SELECT document FROM packages"));
    CPPUNIT_ASSERT_EQUAL(world.events(), world.number("SELECT revision FROM packages"));
    CPPUNIT_ASSERT_EQUAL(world.ada.user_id,
                         world.number("SELECT added_by FROM package_owners WHERE role = 'maintainer'"));
  }

  void adding_again_changes_nothing_and_another_role_does() {
    World world;
    owners(world).add("kit", "bob", OwnerRole::maintainer, world.ada, k_origin);
    const auto before = world.inventory();
    CPPUNIT_ASSERT(!owners(world).add("kit", "bob", OwnerRole::maintainer, world.ada, k_origin).changed);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("no event and no audit row", before, world.inventory());
    const auto outcome = owners(world).add("kit", "bob", OwnerRole::owner, world.ada, k_origin);
    CPPUNIT_ASSERT(outcome.changed && outcome.subject.role == "owner");
    CPPUNIT_ASSERT_EQUAL(std::string("ada:owner bob:owner "), listed(world));
    CPPUNIT_ASSERT_EQUAL(std::string("owner-add|ada|kit bob|192.0.2.1|-|r1|owner"), audit(world));
    CPPUNIT_ASSERT_EQUAL(world.document_from_rows("kit"), world.text("SELECT document FROM packages"));
  }

  void removing_is_journalled_audited_and_shown() {
    World world;
    owners(world).add("kit", "bob", OwnerRole::maintainer, world.ada, k_origin);
    const auto outcome = owners(world).remove("kit", "BOB", world.ada, k_origin);
    CPPUNIT_ASSERT(outcome.changed);
    CPPUNIT_ASSERT_EQUAL(std::string("bob"), outcome.subject.username);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, outcome.owners.size());
    CPPUNIT_ASSERT_EQUAL(std::string("ada:owner "), listed(world));
    CPPUNIT_ASSERT(json::parse(last_event(world)).root()["action"].string() == "owner-remove");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, json::parse(last_event(world)).root()["owners"].size());
    CPPUNIT_ASSERT_EQUAL(std::string("owner-remove|ada|kit bob|192.0.2.1|-|r1"), audit(world));
    CPPUNIT_ASSERT_EQUAL(world.document_from_rows("kit"), world.text("SELECT document FROM packages"));
    const auto before = world.inventory();
    CPPUNIT_ASSERT(code_of([&] { owners(world).remove("kit", "bob", world.ada, k_origin); }) == "not_found");
    CPPUNIT_ASSERT_EQUAL(before, world.inventory());
  }

  void the_last_owner_stays_an_owner() {
    World world;
    owners(world).add("kit", "bob", OwnerRole::maintainer, world.ada, k_origin);
    const auto before = world.inventory();
    CPPUNIT_ASSERT(code_of([&] { owners(world).remove("kit", "ada", world.ada, k_origin); }) == "last_owner");
    CPPUNIT_ASSERT(code_of([&] {
                     owners(world).add("kit", "ada", OwnerRole::maintainer, world.ada, k_origin);
                   }) == "last_owner");
    CPPUNIT_ASSERT(code_of([&] { owners(world).remove("kit", "ada", operator_principal(), k_origin); }) ==
                   "last_owner");
    CPPUNIT_ASSERT_EQUAL(before, world.inventory());
    CPPUNIT_ASSERT_EQUAL(std::string("ada:owner bob:maintainer "), listed(world));
  }

  void an_owner_may_go_while_another_is_there() {
    World world;
    owners(world).add("kit", "bob", OwnerRole::owner, world.ada, k_origin);
    owners(world).add("kit", "ada", OwnerRole::maintainer, world.ada, k_origin);
    CPPUNIT_ASSERT_EQUAL(std::string("ada:maintainer bob:owner "), listed(world));
    owners(world).add("kit", "ada", OwnerRole::owner, world.bob, k_origin);
    CPPUNIT_ASSERT(owners(world).remove("kit", "ada", world.ada, k_origin).changed);
    CPPUNIT_ASSERT_EQUAL(std::string("bob:owner "), listed(world));
    CPPUNIT_ASSERT_MESSAGE("who has gone has no say any more",
                           code_of([&] {
                             owners(world).add("kit", "ada", OwnerRole::owner, world.ada, k_origin);
                           }) == "forbidden");
  }

  void only_owners_whose_token_says_so_change_owners() {
    World world;
    owners(world).add("kit", "bob", OwnerRole::maintainer, world.ada, k_origin);
    const auto before = world.inventory();
    const auto tried = [&](const Principal& who) {
      const auto adding =
          code_of([&] { owners(world).add("kit", "eve", OwnerRole::maintainer, who, k_origin); });
      CPPUNIT_ASSERT(adding == code_of([&] { owners(world).remove("kit", "ada", who, k_origin); }));
      CPPUNIT_ASSERT(adding == code_of([&] { owners(world).transfer("kit", "eve", who, k_origin); }));
      return adding;
    };
    CPPUNIT_ASSERT(tried(world.bob) == "forbidden");
    CPPUNIT_ASSERT(tried(world.eve) == "forbidden");
    Principal token = world.ada;
    token.credential = Principal::Credential::api_token;
    token.scopes = bit_of(Scope::publish) | bit_of(Scope::yank);
    CPPUNIT_ASSERT(tried(token) == "scope_missing");
    token.scopes = bit_of(Scope::owners);
    token.packages = "mylib-*";
    CPPUNIT_ASSERT(tried(token) == "scope_missing");
    CPPUNIT_ASSERT_EQUAL(before, world.inventory());
    token.packages = "ki*";
    CPPUNIT_ASSERT(owners(world).add("kit", "eve", OwnerRole::maintainer, token, k_origin).changed);
  }

  void accounts_that_are_not_there_or_disabled_are_refused() {
    World world;
    world.database.transaction([&](store::Connection& c) {
      c.execute("UPDATE users SET disabled_at = ? WHERE username = 'bob'", now());
    });
    const auto before = world.inventory();
    const auto adding = [&](const char* package, const char* who) {
      return code_of([&] { owners(world).add(package, who, OwnerRole::owner, world.ada, k_origin); });
    };
    CPPUNIT_ASSERT(adding("kit", "nobody") == "not_found");
    CPPUNIT_ASSERT(adding("kit", "bob") == "conflict");
    CPPUNIT_ASSERT(adding("kit", "b!") == "username_invalid");
    CPPUNIT_ASSERT(adding("nothing", "eve") == "not_found");
    CPPUNIT_ASSERT(code_of([&] { owners(world).list("nothing"); }) == "not_found");
    CPPUNIT_ASSERT(code_of([&] { owners(world).remove("nothing", "ada", world.ada, k_origin); }) ==
                   "not_found");
    CPPUNIT_ASSERT_EQUAL(before, world.inventory());
  }

  void the_operator_needs_no_role() {
    World world;
    const auto who = operator_principal();
    owners(world).add("kit", "bob", OwnerRole::owner, who, {"", "", "ada has left"});
    CPPUNIT_ASSERT(world.text("SELECT actor FROM audit ORDER BY id DESC LIMIT 1").starts_with("os:"));
    CPPUNIT_ASSERT_EQUAL(std::string("ada has left"),
                         world.text("SELECT reason FROM audit ORDER BY id DESC LIMIT 1"));
    CPPUNIT_ASSERT_EQUAL(
        std::int64_t{1},
        world.number("SELECT added_by IS NULL FROM package_owners o JOIN users u ON u.id = o.user_id"
                     " WHERE u.username = 'bob'"));
    owners(world).remove("kit", "ada", who, {});
    CPPUNIT_ASSERT_EQUAL(std::string("bob:owner "), listed(world));
  }

  void a_transfer_leaves_one_owner_alone() {
    World world;
    owners(world).add("kit", "bob", OwnerRole::maintainer, world.ada, k_origin);
    const auto who = operator_principal();
    const auto outcome = owners(world).transfer("kit", "eve", who, k_origin);
    CPPUNIT_ASSERT(outcome.changed);
    CPPUNIT_ASSERT_EQUAL(std::string("eve:owner "), listed(world));
    CPPUNIT_ASSERT(json::parse(last_event(world)).root()["action"].string() == "owner-transfer");
    CPPUNIT_ASSERT_EQUAL(std::string("owner-transfer|" + who.username + "|kit eve|192.0.2.1|-|r1"),
                         audit(world));
    CPPUNIT_ASSERT(!owners(world).transfer("kit", "eve", who, k_origin).changed);
    owners(world).add("kit", "bob", OwnerRole::maintainer, world.eve, k_origin);
    CPPUNIT_ASSERT(owners(world).transfer("kit", "bob", world.eve, k_origin).changed);
    CPPUNIT_ASSERT_EQUAL(std::string("bob:owner "), listed(world));
    CPPUNIT_ASSERT_EQUAL(world.document_from_rows("kit"), world.text("SELECT document FROM packages"));
  }

  void maintainers_publish_and_yank_and_no_more() {
    World world;
    owners(world).add("kit", "bob", OwnerRole::maintainer, world.ada, k_origin);
    world.publish(world.bob, "kit", "1.1.0");
    CPPUNIT_ASSERT(world.yanking().yank("kit", "1.1.0", {}, world.bob, {}).changed);
    CPPUNIT_ASSERT(code_of([&] { world.removal().remove("kit", "1.1.0", world.bob, {}); }) == "forbidden");
    CPPUNIT_ASSERT_MESSAGE("but leave", owners(world).remove("kit", "bob", world.bob, k_origin).changed);
    CPPUNIT_ASSERT(code_of([&] { world.publish(world.bob, "kit", "1.2.0"); }) == "forbidden");
  }

  void two_owners_who_remove_each_other_leave_one() {
    for (int round = 0; round < 5; ++round) {
      World world;
      owners(world).add("kit", "bob", OwnerRole::owner, world.ada, k_origin);
      std::atomic<int> refused{0};
      const auto race = [&](const Principal& who, const char* whom) {
        store::Database database(world.scratch.settings());
        const auto code = code_of([&] {
          Owners(database, world.visibility, std::chrono::milliseconds(0)).remove("kit", whom, who, k_origin);
        });
        if (code == "last_owner" || code == "forbidden") ++refused;
      };
      std::thread first([&] { race(world.ada, "bob"); }), second([&] { race(world.bob, "ada"); });
      first.join();
      second.join();
      CPPUNIT_ASSERT_EQUAL(1, refused.load());
      CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, world.number("SELECT COUNT(*) FROM package_owners"));
      CPPUNIT_ASSERT_EQUAL(world.document_from_rows("kit"), world.text("SELECT document FROM packages"));
    }
  }

  void roles_have_two_names() {
    CPPUNIT_ASSERT(owner_role_from("owner") == OwnerRole::owner);
    CPPUNIT_ASSERT(owner_role_from("maintainer") == OwnerRole::maintainer);
    for (const char* word : {"", "admin", "Owner"})
      CPPUNIT_ASSERT(code_of([&] { owner_role_from(word); }) == "bad_request");
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(OwnersTest);
