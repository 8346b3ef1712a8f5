// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <barrier>
#include <thread>

#include "registry/services/quotas.hpp"
#include "tests/support/database_proxy.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/registry.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/tar_builder.hpp"

using namespace wharf;
using namespace wharf::test;
using std::chrono::milliseconds;

class UserQuotasTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(UserQuotasTest);
  CPPUNIT_TEST(new_packages_and_versions_have_buckets_of_their_own);
  CPPUNIT_TEST(what_is_refused_or_only_tried_takes_nothing);
  CPPUNIT_TEST(what_is_taken_comes_back);
  CPPUNIT_TEST(yanks_are_counted_and_taking_them_back_is_not);
  CPPUNIT_TEST(a_user_may_have_figures_of_their_own);
  CPPUNIT_TEST(only_the_operator_sets_quotas);
  CPPUNIT_TEST(figures_that_cannot_be_are_refused);
  CPPUNIT_TEST(the_operator_has_no_quota);
  CPPUNIT_TEST(storage_is_what_is_kept);
  CPPUNIT_TEST(racing_publishes_of_one_user_get_the_places_that_there_are);
  CPPUNIT_TEST(racing_new_packages_of_one_user_get_the_places_that_there_are);
  CPPUNIT_TEST(a_lost_commit_takes_one_place);
  CPPUNIT_TEST_SUITE_END();

  static constexpr milliseconds k_hour = std::chrono::hours(1);
  static constexpr const char* k_exceeded = "rate_limit_exceeded";

  struct World : Registry {
    Principal ada = add_user("ada"), bob = add_user("bob");
    World(std::int64_t packages, std::int64_t versions, std::int64_t yanks = 0,
          milliseconds interval = k_hour) {
      rules.quotas.new_packages = {packages, interval};
      rules.quotas.versions = {versions, interval};
      rules.quotas.yanks = {yanks, interval};
    }
    std::string publish_code(const Principal& who, const char* name, const char* version,
                             bool dry_run = false) {
      return code_of([&] { Registry::publish(who, package_archive(name, version), {}, dry_run); });
    }
    Quotas quotas() { return Quotas(database, rules.quotas); }
    std::string audit() {
      return text(
          "SELECT CONCAT_WS('|', action, actor, subject, detail, COALESCE(reason, '-')) FROM audit ORDER BY "
          "id DESC "
          "LIMIT 1");
    }
  };

  // Each of `rivals` publishes is a worker's, with a connection of its own.
  static std::vector<std::string> race(World& world, int rivals, bool new_packages) {
    std::vector<std::string> codes(static_cast<std::size_t>(rivals));
    std::vector<std::thread> threads;
    std::barrier start(rivals);
    for (int i = 0; i < rivals; ++i)
      threads.emplace_back([&, i] {
        store::Database database(world.scratch.settings());
        database.connection();
        const std::string name =
            (new_packages ? "fresh-" : "kit-") + std::string(1, static_cast<char>('a' + i));
        StagedFile staged(world.staging, 1000000);
        staged.write(package_archive(name, "2.0.0"));
        staged.finish();
        VisibilityReader visibility(world.directory.path() / "no-clerk",
                                    world.directory.path() / "no-socket");
        Publishing publishing(database, world.blobs, visibility, world.rules);
        start.arrive_and_wait();
        codes[static_cast<std::size_t>(i)] = code_of([&] { publishing.publish(staged, {}, world.ada, {}); });
      });
    for (auto& thread : threads) thread.join();
    return codes;
  }

 public:
  void new_packages_and_versions_have_buckets_of_their_own() {
    World world(2, 4);
    const auto first = world.publish(world.ada, "kit", "1.0.0");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, first.quotas.size());
    CPPUNIT_ASSERT(first.quotas[0].quota == Quota::new_packages && first.quotas[0].remaining == 1);
    CPPUNIT_ASSERT(first.quotas[1].quota == Quota::versions && first.quotas[1].remaining == 3);
    world.publish(world.ada, "kat", "1.0.0");
    CPPUNIT_ASSERT_EQUAL(std::string(k_exceeded), world.publish_code(world.ada, "kot", "1.0.0"));
    const auto third = world.publish(world.ada, "kat", "1.0.1");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, third.quotas.size());
    world.publish(world.ada, "kat", "1.0.2");
    CPPUNIT_ASSERT_EQUAL(std::string(k_exceeded), world.publish_code(world.ada, "kat", "1.0.3"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("each user has buckets of their own", std::string("none"),
                                 world.publish_code(world.bob, "kot", "1.0.0"));
  }

  void what_is_refused_or_only_tried_takes_nothing() {
    World world(2, 2);
    world.publish(world.ada, "kit", "1.0.0");
    const std::string before = world.inventory();
    const auto buckets = world.text("SELECT GROUP_CONCAT(kind, full_at ORDER BY kind) FROM user_buckets");
    CPPUNIT_ASSERT_EQUAL(std::string("version_exists"), world.publish_code(world.ada, "kit", "1.0.0"));
    CPPUNIT_ASSERT_EQUAL(std::string("name_reserved"), world.publish_code(world.ada, "con", "1.0.0"));
    CPPUNIT_ASSERT_EQUAL(std::string("name_too_similar"), world.publish_code(world.ada, "k1t", "1.0.0"));
    const auto tried = world.publish(world.ada, package_archive("kit", "1.1.0"), {}, true);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("what is left, not what would be", std::int64_t{1},
                                 tried.quotas.at(0).remaining);
    CPPUNIT_ASSERT_EQUAL(buckets,
                         world.text("SELECT GROUP_CONCAT(kind, full_at ORDER BY kind) FROM user_buckets"));
    CPPUNIT_ASSERT_EQUAL(before, world.inventory());
    world.publish(world.ada, "kit", "1.1.0");
    CPPUNIT_ASSERT_EQUAL(std::string(k_exceeded), world.publish_code(world.ada, "kit", "1.2.0"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("nor does the excess itself leave a package", std::string(k_exceeded),
                                 world.publish_code(world.ada, "kat", "1.0.0"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, world.number("SELECT COUNT(*) FROM packages"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("a dry run is told what the publish would be", std::string(k_exceeded),
                                 world.publish_code(world.ada, "kit", "1.2.0", true));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("a repeated publish learns that it took place",
                                 std::string("version_exists"),
                                 world.publish_code(world.ada, "kit", "1.1.0"));
  }

  void what_is_taken_comes_back() {
    World world(0, 2, 0, std::chrono::hours(1));
    world.publish(world.ada, "kit", "1.0.0");
    world.publish(world.ada, "kit", "1.0.1");
    int wait = 0;
    try {
      world.publish(world.ada, "kit", "1.0.2");
    } catch (const QuotaExceeded& exceeded) {
      wait = exceeded.retry_after().value();
      CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, exceeded.state().remaining);
    }
    CPPUNIT_ASSERT_MESSAGE("about an hour, from the first", wait > 3500 && wait <= 3600);
    // As if all but the last second of it had passed, and then that, too.
    const auto pass = [&](int seconds) {
      world.database.transaction([&](store::Connection& c) {
        c.execute("UPDATE user_buckets SET full_at = full_at - INTERVAL ? SECOND", seconds);
      });
    };
    pass(wait - 60);
    CPPUNIT_ASSERT_EQUAL(std::string(k_exceeded), world.publish_code(world.ada, "kit", "1.0.2"));
    pass(60);
    world.publish(world.ada, "kit", "1.0.2");
    CPPUNIT_ASSERT_EQUAL(std::string(k_exceeded), world.publish_code(world.ada, "kit", "1.0.3"));
    pass(365 * 24 * 3600);
    world.publish(world.ada, "kit", "1.0.3");
    world.publish(world.ada, "kit", "1.0.4");
    CPPUNIT_ASSERT_EQUAL_MESSAGE("a bucket does not run over", std::string(k_exceeded),
                                 world.publish_code(world.ada, "kit", "1.0.5"));
  }

  void yanks_are_counted_and_taking_them_back_is_not() {
    World world(0, 0, 2);
    for (const char* version : {"1.0.0", "1.0.1", "1.0.2"}) world.publish(world.ada, "kit", version);
    auto yanking = world.yanking();
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                         yanking.yank("kit", "1.0.0", {}, world.ada, {}).quotas.at(0).remaining);
    CPPUNIT_ASSERT_MESSAGE("what is so already is not counted",
                           yanking.yank("kit", "1.0.0", {}, world.ada, {}).quotas.empty());
    yanking.yank("kit", "1.0.1", {}, world.ada, {});
    const std::string before = world.inventory();
    CPPUNIT_ASSERT_EQUAL(std::string(k_exceeded),
                         code_of([&] { yanking.yank("kit", "1.0.2", {}, world.ada, {}); }));
    CPPUNIT_ASSERT_EQUAL(before, world.inventory());
    CPPUNIT_ASSERT(yanking.unyank("kit", "1.0.1", world.ada, {}).changed);
    CPPUNIT_ASSERT_MESSAGE("the operator may",
                           yanking.yank("kit", "1.0.2", {}, operator_principal(), {}).changed);
  }

  void a_user_may_have_figures_of_their_own() {
    World world(1, 2);
    const auto who = operator_principal();
    world.quotas().set("Ada", Quota::versions, 3, 10, who, {"", "", "a release of many parts"});
    CPPUNIT_ASSERT_EQUAL(
        "quota-set|" + who.username + "|ada|versions: 3, one more every 10 seconds|a release of many parts",
        world.audit());
    for (const char* version : {"1.0.0", "1.0.1", "1.0.2"}) world.publish(world.ada, "kit", version);
    CPPUNIT_ASSERT_EQUAL(std::string(k_exceeded), world.publish_code(world.ada, "kit", "1.0.3"));
    CPPUNIT_ASSERT_EQUAL(std::string(k_exceeded), world.publish_code(world.ada, "kat", "1.0.0"));

    auto shown = world.quotas().show("ada");
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, shown.size());
    CPPUNIT_ASSERT(!shown[0].own && shown[0].usual.most == 1 && shown[0].remaining == 0);
    CPPUNIT_ASSERT(shown[1].own && shown[1].own->most == 3 && shown[1].usual.most == 2 &&
                   shown[1].remaining == 0);
    CPPUNIT_ASSERT(shown[1].own->interval == std::chrono::seconds(10));
    CPPUNIT_ASSERT(shown[3].used_bytes > 0 && !shown[3].figure().is_limit(Quota::storage));

    world.quotas().set("ada", Quota::versions, 0, std::nullopt, who, {});
    CPPUNIT_ASSERT_EQUAL("quota-set|" + who.username + "|ada|versions: no limit|-", world.audit());
    CPPUNIT_ASSERT(world.publish(world.ada, "kit", "1.0.3").quotas.empty());
    world.quotas().set("ada", Quota::versions, 1000, std::nullopt, who, {});
    CPPUNIT_ASSERT_MESSAGE("without seconds the configuration's hold",
                           world.quotas().show("ada")[1].own->interval == k_hour);
    world.publish(world.ada, "kit", "1.0.4");
    CPPUNIT_ASSERT(world.quotas().clear("ada", Quota::versions, who, {}));
    CPPUNIT_ASSERT_EQUAL("quota-clear|" + who.username + "|ada|versions|-", world.audit());
    const auto before = world.inventory();
    CPPUNIT_ASSERT(!world.quotas().clear("ada", Quota::versions, who, {}));
    CPPUNIT_ASSERT_EQUAL(before, world.inventory());
    shown = world.quotas().show("ada");
    CPPUNIT_ASSERT(!shown[1].own && shown[1].figure().most == 2);
    CPPUNIT_ASSERT_MESSAGE("a new figure makes nobody wait for more than one use",
                           shown[1].full_in <= 2 * k_hour);
  }

  void only_the_operator_sets_quotas() {
    World world(1, 1);
    Principal admin = world.ada;
    admin.role = Role::admin;
    const auto before = world.inventory();
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"),
                         code_of([&] { world.quotas().set("ada", Quota::versions, 0, 1, admin, {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"),
                         code_of([&] { world.quotas().clear("ada", Quota::versions, admin, {}); }));
    CPPUNIT_ASSERT_EQUAL(before, world.inventory());
  }

  void figures_that_cannot_be_are_refused() {
    World world(1, 1);
    world.rules.quotas.yanks = {};
    const auto setting = [&](const char* who, Quota quota, std::uint64_t most,
                             std::optional<std::uint64_t> seconds) {
      return code_of([&] { world.quotas().set(who, quota, most, seconds, operator_principal(), {}); });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), setting("nobody", Quota::versions, 1, 1));
    CPPUNIT_ASSERT_EQUAL(std::string("username_invalid"), setting("!", Quota::versions, 1, 1));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), setting("ada", Quota::versions, 1'000'001, 1));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), setting("ada", Quota::versions, 1, 0));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), setting("ada", Quota::versions, 1, 2'592'001));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("there is no configured time to take", std::string("bad_request"),
                                 setting("ada", Quota::yanks, 1, std::nullopt));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, world.number("SELECT COUNT(*) FROM user_quotas"));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), setting("ada", Quota::versions, 1'000'000, 2'592'000));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), world.publish_code(world.ada, "kit", "1.0.0"));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { world.quotas().show("nobody"); }));
  }

  void the_operator_has_no_quota() {
    World world(1, 1);
    world.publish(world.ada, "kit", "1.0.0");
    world.database.transaction([&](store::Connection& connection) {
      QuotaUse use(connection, world.rules.quotas, operator_principal());
      use.lock({Quota::versions, Quota::storage});
      for (int i = 0; i < 5; ++i) use.take(Quota::versions);
      use.require_room(std::uint64_t{1} << 60);
      CPPUNIT_ASSERT(use.states().empty());
    });
  }

  void storage_is_what_is_kept() {
    World world(0, 0);
    world.rules.quotas.storage = {1, milliseconds(0)};
    std::string noise;
    std::uint32_t state = 1;
    for (int i = 0; i < 600'000; ++i)
      noise += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    const auto large = [&](const char* version) {
      return gzip(
          TarBuilder()
              .file("wharf.toml", "[package]\nname = \"kit\"\nversion = \"" + std::string(version) + "\"\n")
              .file("noise", noise)
              .ended());
    };
    world.Registry::publish(world.ada, large("1.0.0"));
    const auto refused = [&](const char* version) {
      return code_of([&] { world.Registry::publish(world.ada, large(version)); });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"), refused("1.0.1"));
    world.publish(world.ada, "kit", "1.0.2");
    CPPUNIT_ASSERT_EQUAL(std::string("none"), code_of([&] {
                           world.Registry::publish(world.bob, package_archive("kat", "1.0.0"));
                         }));
    world.quotas().set("ada", Quota::storage, 2, std::nullopt, operator_principal(), {});
    CPPUNIT_ASSERT_EQUAL(std::string("none"), refused("1.0.3"));
    world.removal().remove("kit", "1.0.0", world.ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("none"), refused("1.0.4"));
  }

  void racing_publishes_of_one_user_get_the_places_that_there_are() {
    constexpr int k_rivals = 8, k_places = 3;
    World world(0, 0);
    for (int i = 0; i < k_rivals; ++i)
      world.publish(world.ada, "kit-" + std::string(1, static_cast<char>('a' + i)), "1.0.0");
    world.rules.quotas.versions = {k_places, k_hour};
    const auto codes = race(world, k_rivals, false);
    CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{k_places}, std::ranges::count(codes, "none"));
    CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{k_rivals - k_places}, std::ranges::count(codes, k_exceeded));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{k_rivals + k_places}, world.number("SELECT COUNT(*) FROM versions"));
  }

  // Rows that refer to the user lock the user's row for reading, so that two of these could wait for each
  // other.
  void racing_new_packages_of_one_user_get_the_places_that_there_are() {
    constexpr int k_rivals = 8, k_places = 5;
    World world(k_places, 100);
    const auto deadlocks = [&] {
      return world.number(
          "SELECT CAST(VARIABLE_VALUE AS UNSIGNED) FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME "
          "= "
          "'INNODB_DEADLOCKS'");
    };
    const bool can_tell = world.text("SELECT VERSION()").find("MariaDB") != std::string::npos;
    const auto before = can_tell ? deadlocks() : 0;
    const auto codes = race(world, k_rivals, true);
    CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{k_places}, std::ranges::count(codes, "none"));
    CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{k_rivals - k_places}, std::ranges::count(codes, k_exceeded));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{k_places}, world.number("SELECT COUNT(*) FROM packages"));
    if (can_tell) CPPUNIT_ASSERT_EQUAL_MESSAGE("deadlocks", before, deadlocks());
  }

  void a_lost_commit_takes_one_place() {
    for (const auto cut : {DatabaseProxy::Cut::before_commit, DatabaseProxy::Cut::after_commit}) {
      World world(0, 3);
      if (world.scratch.settings().socket.empty())
        return skip("the database server has no socket to stand in front of");
      DatabaseProxy proxy(world.scratch.settings());
      store::Database behind(proxy.settings());
      behind.connection();
      StagedFile staged(world.staging, 1000000);
      staged.write(package_archive("kit", "1.0.0"));
      staged.finish();
      proxy.cut_next(cut);
      Publishing(behind, world.blobs, world.visibility, world.rules).publish(staged, {}, world.ada, {});
      CPPUNIT_ASSERT_EQUAL(1, proxy.cuts());
      CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, world.quotas().show("ada")[1].remaining);
      proxy.cut_next(cut);
      const auto code = code_of([&] {
        Quotas(behind, world.rules.quotas).set("ada", Quota::versions, 9, 9, operator_principal(), {});
      });
      CPPUNIT_ASSERT_EQUAL(2, proxy.cuts());
      const bool stands = cut == DatabaseProxy::Cut::after_commit;
      CPPUNIT_ASSERT_EQUAL(std::string(stands ? "none" : "unavailable"), code);
      CPPUNIT_ASSERT_EQUAL(std::int64_t{stands}, world.number("SELECT COUNT(*) FROM user_quotas"));
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(UserQuotasTest);
