// SPDX-License-Identifier: MIT
#include "registry/services/moderation.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/json/value.hpp"
#include "registry/services/catalogue.hpp"
#include "registry/services/name_reservation.hpp"
#include "registry/services/owners.hpp"
#include "registry/services/package_overview.hpp"
#include "registry/services/statistics.hpp"
#include "registry/store/package_overview.hpp"
#include "registry/store/totals.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;

class ModerationTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ModerationTest);
  CPPUNIT_TEST(a_quarantine_hides_a_package_from_every_read);
  CPPUNIT_TEST(a_quarantine_stops_its_owners_and_not_the_operator);
  CPPUNIT_TEST(a_release_brings_everything_back);
  CPPUNIT_TEST(quarantine_and_release_are_journalled_and_audited_once);
  CPPUNIT_TEST(only_the_operator_moderates);
  CPPUNIT_TEST(the_totals_leave_out_what_is_quarantined);
  CPPUNIT_TEST(a_reserved_name_keeps_away_what_looks_like_it);
  CPPUNIT_TEST(names_that_are_taken_are_not_reserved);
  CPPUNIT_TEST(a_publish_and_a_reservation_of_one_name_never_both_succeed);
  CPPUNIT_TEST(the_operator_removes_what_is_old_and_what_others_need);
  CPPUNIT_TEST(all_versions_go_or_none);
  CPPUNIT_TEST(an_overview_names_every_owner);
  CPPUNIT_TEST_SUITE_END();

  static Moderation moderation(Registry& registry) {
    return Moderation(registry.database, registry.visibility, std::chrono::milliseconds(0));
  }
  static Principal operating() {
    auto principal = operator_principal();
    principal.username = "os:root";
    return principal;
  }
  static Origin because(const char* reason) { return {"", "", reason}; }
  static ModerationOutcome quarantine(Registry& registry, const char* name, const char* reason = "malware") {
    return moderation(registry).quarantine(name, reason, operating(), because(reason));
  }
  static ModerationOutcome release(Registry& registry, const char* name) {
    return moderation(registry).release(name, operating(), because("a false alarm"));
  }
  static std::string last_event(Registry& registry, const char* key) {
    const auto body = json::parse(registry.text("SELECT body FROM journal ORDER BY seq DESC LIMIT 1"));
    return std::string(body.root()[key].string().value_or("null"));
  }
  static void assert_totals(Registry& registry) {
    registry.database.read([](store::Connection& connection) {
      CPPUNIT_ASSERT(store::counted_totals(connection) == store::totals(connection));
      return true;
    });
  }

 public:
  void a_quarantine_hides_a_package_from_every_read() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "num", "1.0.0");
    registry.publish(ada, "kit", "1.0.0", "[dependencies]\nnum = \"1\"");
    Catalogue catalogue(registry.database);
    Statistics statistics(registry.database);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, statistics.dependents("num", 20, 0).total);
    quarantine(registry, "kit");
    const std::vector<std::function<void()>> reads = {
        [&] { catalogue.stamp("kit"); },
        [&] { catalogue.package("kit"); },
        [&] { catalogue.latest_version("kit"); },
        [&] { catalogue.version("kit", "1.0.0"); },
        [&] { catalogue.version("kit", "9.9.9"); },
        [&] { catalogue.versions("kit", true); },
        [&] { catalogue.readme("kit", "1.0.0"); },
        [&] { catalogue.readme("kit", "9.9.9"); },
        [&] { statistics.of_package("kit"); },
        [&] { statistics.dependents("kit", 20, 0); },
    };
    for (std::size_t i = 0; i < reads.size(); ++i) {
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(i), std::string("quarantined"), code_of(reads[i]));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(i), std::string("malware"), fact_of(reads[i], "reason"));
    }
    CPPUNIT_ASSERT_EQUAL_MESSAGE("it needs nothing that counts", std::int64_t{0},
                                 statistics.dependents("num", 20, 0).total);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, registry.number("SELECT COUNT(*) FROM packages WHERE name = 'kit'"
                                                          " AND latest_version IS NOT NULL"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(
        "the operator is told how many it reached", std::int64_t{1},
        statistics.of_package("kit", 30, now(), Statistics::Asked::by_the_operator).versions);
    PackageOverviews overviews(registry.database);
    CPPUNIT_ASSERT_EQUAL(std::string("malware"), overviews.package("kit").overview.quarantine->reason);
    store::OverviewFilter filter;
    filter.quarantined = true;
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, overviews.list(filter).size());
  }

  void a_quarantine_stops_its_owners_and_not_the_operator() {
    Registry registry;
    const auto ada = registry.add_user("ada"), bob = registry.add_user("bob");
    registry.publish(ada, "kit", "1.0.0");
    registry.publish(ada, "kit", "1.1.0");
    quarantine(registry, "kit");
    Owners owners(registry.database, registry.visibility, std::chrono::milliseconds(0));
    const auto before = registry.inventory();
    CPPUNIT_ASSERT_EQUAL(std::string("quarantined"), code_of([&] { registry.publish(ada, "kit", "1.2.0"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("quarantined"),
                         code_of([&] { registry.yanking().yank("kit", "1.0.0", {}, ada, {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("quarantined"),
                         code_of([&] { registry.removal().remove("kit", "1.0.0", ada, {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("quarantined"),
                         code_of([&] { owners.add("kit", "bob", OwnerRole::owner, ada, {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("quarantined"), code_of([&] { owners.remove("kit", "ada", ada, {}); }));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("a refused request leaves nothing", before, registry.inventory());
    registry.yanking().yank("kit", "1.1.0", {}, operating(), because("bad"));
    owners.transfer("kit", "bob", operating(), because("squatted"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("still out of sight", std::int64_t{1},
                                 registry.number("SELECT latest_version IS NULL FROM packages"));
    assert_totals(registry);
    release(registry, "kit");
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), registry.text("SELECT latest_version FROM packages"));
    registry.publish(bob, "kit", "1.2.0");
  }

  void a_release_brings_everything_back() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "num", "1.0.0");
    registry.publish(ada, "kit", "1.0.0", "[dependencies]\nnum = \"1\"");
    registry.publish(ada, "kit", "1.1.0", "[dependencies]\nnum = \"1\"");
    registry.yanking().yank("kit", "1.1.0", "broken", ada, {});
    const auto dependencies = registry.text("SELECT GROUP_CONCAT(name, package) FROM package_dependencies");
    quarantine(registry, "kit");
    CPPUNIT_ASSERT(release(registry, "kit").changed);
    CPPUNIT_ASSERT_EQUAL(registry.document_from_rows("kit"),
                         registry.text("SELECT document FROM packages WHERE name = 'kit'"));
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"),
                         registry.text("SELECT latest_version FROM packages WHERE name = 'kit'"));
    CPPUNIT_ASSERT_EQUAL(dependencies,
                         registry.text("SELECT GROUP_CONCAT(name, package) FROM package_dependencies"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, Catalogue(registry.database).versions("kit", true).size());
    assert_totals(registry);
  }

  void quarantine_and_release_are_journalled_and_audited_once() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    CPPUNIT_ASSERT(!release(registry, "kit").changed);
    CPPUNIT_ASSERT(quarantine(registry, "kit", " malware ").changed);
    CPPUNIT_ASSERT_EQUAL(std::string("quarantine"), last_event(registry, "action"));
    CPPUNIT_ASSERT_EQUAL(std::string("malware"), last_event(registry, "reason"));
    CPPUNIT_ASSERT_EQUAL(std::string("os:root"), last_event(registry, "actor"));
    CPPUNIT_ASSERT(!quarantine(registry, "kit").changed);
    CPPUNIT_ASSERT_MESSAGE("another reason is news", quarantine(registry, "kit", "worse").changed);
    CPPUNIT_ASSERT(release(registry, "kit").changed);
    CPPUNIT_ASSERT(!release(registry, "kit").changed);
    CPPUNIT_ASSERT_EQUAL(std::string("release"), last_event(registry, "action"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, registry.number("SELECT COUNT(*) FROM journal"));
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "quarantine os:root kit malware, quarantine os:root kit worse, release os:root kit a false "
            "alarm"),
        registry.text("SELECT GROUP_CONCAT(CONCAT_WS(' ', action, actor, subject, TRIM(reason)) ORDER BY id"
                      " SEPARATOR ', ') FROM audit WHERE action <> 'publish'"));
    for (const std::string& reason :
         {std::string(), std::string("  "), std::string("two\nlines"), std::string(501, 'x')})
      CPPUNIT_ASSERT_EQUAL(std::string("bad_request"),
                           code_of([&] { quarantine(registry, "kit", reason.c_str()); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { quarantine(registry, "kat"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { release(registry, "kat"); }));
  }

  void only_the_operator_moderates() {
    Registry registry;
    auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    ada.role = Role::admin;
    NameReservation names(registry.database, {});
    for (const std::function<void()>& act : std::initializer_list<std::function<void()>>{
             [&] { moderation(registry).quarantine("kit", "x", ada, {}); },
             [&] { moderation(registry).release("kit", ada, {}); },
             [&] { names.reserve("free", {}, ada, {}); }, [&] { names.unreserve("free", ada, {}); },
             [&] { registry.removal().remove_all("kit", ada, {}); }})
      CPPUNIT_ASSERT_EQUAL(std::string("forbidden"), code_of(act));
  }

  void the_totals_leave_out_what_is_quarantined() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    registry.publish(ada, "kit", "1.1.0");
    registry.publish(ada, "num", "1.0.0");
    const auto totals = [&] {
      return registry.text("SELECT CONCAT_WS(' ', packages, versions, listed) FROM registry_totals");
    };
    quarantine(registry, "kit");
    CPPUNIT_ASSERT_EQUAL(std::string("1 1 1"), totals());
    quarantine(registry, "kit", "worse");
    CPPUNIT_ASSERT_EQUAL(std::string("1 1 1"), totals());
    assert_totals(registry);
    release(registry, "kit");
    CPPUNIT_ASSERT_EQUAL(std::string("2 3 2"), totals());
  }

  void a_reserved_name_keeps_away_what_looks_like_it() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    NameReservation names(registry.database, {"std"});
    CPPUNIT_ASSERT(names.reserve("geo-kit", "ask us", operating(), because("ask us")));
    CPPUNIT_ASSERT(!names.reserve("geo-kit", "ask us", operating(), {}));
    const auto before = registry.inventory();
    for (const char* name : {"geo-kit", "geo_kit", "geokit", "ge0-k1t"}) {
      const auto publish = [&] { registry.publish(ada, name, "1.0.0"); };
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string("name_reserved"), code_of(publish));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string("ask us"), fact_of(publish, "reason"));
    }
    CPPUNIT_ASSERT_EQUAL(before, registry.inventory());
    CPPUNIT_ASSERT_EQUAL(std::string("conflict"),
                         code_of([&] { names.reserve("geo_kit", {}, operating(), {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"),
                         code_of([&] { names.unreserve("geo_kit", operating(), {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { names.unreserve("std", operating(), {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("name_invalid"),
                         code_of([&] { names.reserve("Geo", {}, operating(), {}); }));
    CPPUNIT_ASSERT_MESSAGE("another reason is news",
                           names.reserve("geo-kit", "a trademark", operating(), {}));
    CPPUNIT_ASSERT_EQUAL(std::string("a trademark"), names.reserved().front().reason.value_or(""));
    names.unreserve("geo-kit", operating(), because("its authors are here"));
    CPPUNIT_ASSERT(names.reserved().empty());
    registry.publish(ada, "geo_kit", "1.0.0");
    CPPUNIT_ASSERT_EQUAL(std::string("reserve,reserve,unreserve"),
                         registry.text("SELECT GROUP_CONCAT(action ORDER BY id) FROM audit WHERE action LIKE "
                                       "'%reserve'"));
  }

  void names_that_are_taken_are_not_reserved() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "geo-kit", "1.0.0");
    NameReservation names(registry.database, {});
    for (const char* name : {"geo-kit", "geo_kit"}) {
      const auto reserve = [&] { names.reserve(name, {}, operating(), {}); };
      CPPUNIT_ASSERT_EQUAL(std::string("conflict"), code_of(reserve));
      CPPUNIT_ASSERT_EQUAL(std::string("geo-kit"), fact_of(reserve, "package"));
    }
    CPPUNIT_ASSERT(names.reserved().empty());
    registry.publish(ada, "geo-kit", "1.1.0");
  }

  void a_publish_and_a_reservation_of_one_name_never_both_succeed() {
    // The package's row is there, but not committed, when the name is reserved: who reserves waits for it.
    Registry registry;
    const auto ada = registry.add_user("ada");
    store::Database other(registry.scratch.settings());
    registry.database.connection().run_text("SET SESSION innodb_lock_wait_timeout = 1");
    NameReservation names(registry.database, {});
    other.transaction([&](store::Connection& c) {
      store::insert_package(c, "kit", "kit", now());
      CPPUNIT_ASSERT_EQUAL(std::string("unavailable"),
                           code_of([&] { names.reserve("kit", {}, operating(), {}); }));
    });
    CPPUNIT_ASSERT_EQUAL(std::string("conflict"),
                         code_of([&] { names.reserve("kit", {}, operating(), {}); }));
    // And the other way round.
    other.transaction([&](store::Connection& c) {
      store::insert_reserved_name(c, {"num", std::nullopt, "os:root", now()}, "num");
      CPPUNIT_ASSERT_EQUAL(std::string("unavailable"),
                           code_of([&] { registry.publish(ada, "num", "1.0.0"); }));
    });
    CPPUNIT_ASSERT_EQUAL(std::string("name_reserved"),
                         code_of([&] { registry.publish(ada, "num", "1.0.0"); }));
  }

  void the_operator_removes_what_is_old_and_what_others_need() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    registry.publish(ada, "kit", "1.1.0");
    registry.publish(ada, "app", "1.0.0", "[dependencies]\nkit = \"=1.0.0\"");
    registry.database.connection().run_text(
        "UPDATE versions SET published_at = published_at - INTERVAL 1000 HOUR");
    CPPUNIT_ASSERT_EQUAL(std::string("removal_refused"),
                         code_of([&] { registry.removal().remove("kit", "1.1.0", ada, {}); }));
    registry.removal().remove("kit", "1.1.0", operating(), because("a secret in it"));
    CPPUNIT_ASSERT_EQUAL(std::string("a secret in it"),
                         registry.text("SELECT reason FROM audit WHERE action = 'remove'"));
    const auto forced = [&](const Principal& who) {
      return [&registry, &who] {
        registry.removal(2000).remove("kit", "1.0.0", who, {}, Removal::Dependents::ignore);
      };
    };
    CPPUNIT_ASSERT_EQUAL(std::string("removal_refused"),
                         code_of([&] { registry.removal().remove("kit", "1.0.0", operating(), {}); }));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("owners have no such right", std::string("removal_refused"),
                                 code_of(forced(ada)));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), code_of(forced(operating())));
  }

  void all_versions_go_or_none() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (const char* version : {"1.0.0", "1.1.0", "1.10.0"}) registry.publish(ada, "kit", version);
    registry.publish(ada, "app", "1.0.0", "[dependencies]\nkit = \"=1.1.0\"");
    const auto before = registry.inventory();
    CPPUNIT_ASSERT_EQUAL(std::string("removal_refused"),
                         code_of([&] { registry.removal().remove_all("kit", operating(), {}); }));
    CPPUNIT_ASSERT_EQUAL(before, registry.inventory());
    const auto outcome =
        registry.removal().remove_all("kit", operating(), because("malware"), Removal::Dependents::ignore);
    CPPUNIT_ASSERT((std::vector<std::string>{"1.0.0", "1.1.0", "1.10.0"}) == outcome.versions);
    CPPUNIT_ASSERT_EQUAL(
        std::string("1.0.0,1.1.0,1.10.0"),
        registry.text("SELECT GROUP_CONCAT(version ORDER BY seq) FROM journal WHERE action = "
                      "'remove'"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("kit malware all 3 versions"),
        registry.text("SELECT CONCAT_WS(' ', subject, reason, detail) FROM audit WHERE action "
                      "LIKE 'remove%'"));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"),
                         code_of([&] { registry.removal().remove_all("kit", operating(), {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("version_removed"),
                         code_of([&] { registry.publish(ada, "kit", "1.1.0"); }));
    assert_totals(registry);
  }

  void an_overview_names_every_owner() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (const char* name : {"kit", "app"}) registry.publish(ada, name, "1.0.0");
    std::string names = "ada";
    for (int i = 10; i < 50; ++i) {
      const auto name = "owner-with-a-rather-long-name-" + std::to_string(i);
      registry.append_owner("kit", registry.add_user(name), "owner");
      names += " " + name;
    }
    registry.append_owner("kit", registry.add_user("mia"), "maintainer");
    auto& connection = registry.database.connection();
    connection.run_text("SET SESSION group_concat_max_len = 1024");  // a server's default
    CPPUNIT_ASSERT_EQUAL(names, store::package_overview(connection, "kit")->owners);
    const auto all = store::package_overviews(connection, {});
    CPPUNIT_ASSERT_EQUAL(std::string("ada"), all.at(0).owners);
    CPPUNIT_ASSERT_EQUAL(names, all.at(1).owners);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ModerationTest);
