// SPDX-License-Identifier: MIT
#include "registry/services/trending.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/json/value.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;

class TrendingTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TrendingTest);
  CPPUNIT_TEST(the_steepest_rise_comes_first_and_a_single_download_is_none);
  CPPUNIT_TEST(days_outside_of_both_stretches_count_for_nothing);
  CPPUNIT_TEST(is_counted_by_one_of_several_and_not_before_it_is_due);
  CPPUNIT_TEST(a_turn_that_nobody_came_back_from_is_taken_again);
  CPPUNIT_TEST(who_is_told_to_stop_gives_the_turn_back);
  CPPUNIT_TEST(a_month_is_counted_by_itself);
  CPPUNIT_TEST(what_lost_its_latest_version_is_not_shown);
  CPPUNIT_TEST_SUITE_END();

  const Time noon_ = *from_rfc3339("2026-03-10T12:00:00Z");

  static void count(Registry& registry, const char* name, const char* day, int downloads) {
    registry.database.connection().execute(
        "INSERT INTO package_downloads (package_id, day, count) SELECT id, ?, ? FROM packages WHERE name = ?",
        day, downloads, name);
  }
  static std::string names(Registry& registry, TrendPeriod period = TrendPeriod::week,
                           std::uint64_t limit = 100, std::uint64_t offset = 0) {
    std::string all;
    const auto page = Trending(registry.database).page(period, limit, offset);
    for (const auto& package : page.packages) {
      const auto summary = json::parse(package.summary);
      all += std::string(*summary.root()["name"].string()) + " ";
    }
    return all + "of " + std::to_string(page.total);
  }
  static void publish(Registry& registry, std::initializer_list<const char*> names) {
    const auto ada = registry.add_user("ada");
    for (const char* name : names) registry.publish(ada, name, "1.0.0");
  }

 public:
  void the_steepest_rise_comes_first_and_a_single_download_is_none() {
    Registry registry;
    publish(registry, {"steady", "rising", "once", "new", "falling", "quiet"});
    for (const char* day : {"2026-02-05", "2026-02-12", "2026-02-19", "2026-02-26", "2026-03-05"})
      count(registry, "steady", day, 1000);
    count(registry, "rising", "2026-02-20", 2000);
    count(registry, "rising", "2026-03-09", 1500);
    count(registry, "once", "2026-03-10", 1);
    count(registry, "new", "2026-03-10", 100);
    count(registry, "falling", "2026-02-20", 4000);
    count(registry, "falling", "2026-03-10", 999);
    CPPUNIT_ASSERT(Trending(registry.database).refresh_if_due(TrendPeriod::week, noon_));
    CPPUNIT_ASSERT_EQUAL(std::string("new rising once of 3"), names(registry));
    CPPUNIT_ASSERT_EQUAL(std::string("rising of 3"), names(registry, TrendPeriod::week, 1, 1));
    const auto page = Trending(registry.database).page(TrendPeriod::week, 10, 0);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{100}, page.packages.at(0).trend.recent);
    CPPUNIT_ASSERT_DOUBLES_EQUAL(6.0, trend_score(page.packages.at(0).trend), 1e-9);
    CPPUNIT_ASSERT_DOUBLES_EQUAL(1520.0 / 520, trend_score(page.packages.at(1).trend), 1e-9);
    CPPUNIT_ASSERT_DOUBLES_EQUAL(1.05, trend_score(page.packages.at(2).trend), 1e-9);
  }

  void days_outside_of_both_stretches_count_for_nothing() {
    Registry registry;
    publish(registry, {"first", "last", "before", "edge", "future"});
    count(registry, "first", "2026-03-04", 50);   // the first day of the week
    count(registry, "last", "2026-03-10", 40);    // its last
    count(registry, "before", "2026-03-03", 30);  // the last of the weeks before
    count(registry, "edge", "2026-02-03", 9999);  // the day before the first of those
    count(registry, "edge", "2026-02-04", 4);     // their first
    count(registry, "edge", "2026-03-08", 20);
    count(registry, "future", "2026-03-11", 60);
    Trending(registry.database).refresh_if_due(TrendPeriod::week, noon_);
    CPPUNIT_ASSERT_EQUAL(std::string("first last edge of 3"), names(registry));
    CPPUNIT_ASSERT_EQUAL(
        std::int64_t{4},
        Trending(registry.database).page(TrendPeriod::week, 1, 2).packages.at(0).trend.earlier);
  }

  void is_counted_by_one_of_several_and_not_before_it_is_due() {
    Registry registry;
    publish(registry, {"kit"});
    count(registry, "kit", "2026-03-10", 5);
    Trending one(registry.database), other(registry.database);
    CPPUNIT_ASSERT(one.refresh_if_due(TrendPeriod::week, noon_));
    count(registry, "kit", "2026-03-09", 5);
    CPPUNIT_ASSERT(!other.refresh_if_due(TrendPeriod::week, noon_));
    CPPUNIT_ASSERT(!other.refresh_if_due(TrendPeriod::week, noon_ + std::chrono::seconds(30)));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, one.page(TrendPeriod::week, 1, 0).packages.at(0).trend.recent);
    // However long counting took, it rests a hundred times as long, and here it takes no second.
    CPPUNIT_ASSERT(other.refresh_if_due(TrendPeriod::week, noon_ + std::chrono::minutes(10)));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{10}, one.page(TrendPeriod::week, 1, 0).packages.at(0).trend.recent);
    CPPUNIT_ASSERT_EQUAL(std::string("kit of 1"), names(registry));
  }

  void a_turn_that_nobody_came_back_from_is_taken_again() {
    Registry registry;
    publish(registry, {"kit"});
    registry.database.transaction([&](store::Connection& c) {
      CPPUNIT_ASSERT(store::take_trending_turn(c, "week", noon_, noon_ + std::chrono::minutes(15)));
    });
    Trending trending(registry.database);
    CPPUNIT_ASSERT(!trending.refresh_if_due(TrendPeriod::week, noon_ + std::chrono::minutes(14)));
    CPPUNIT_ASSERT(trending.refresh_if_due(TrendPeriod::week, noon_ + std::chrono::minutes(16)));
  }

  void who_is_told_to_stop_gives_the_turn_back() {
    Registry registry;
    publish(registry, {"kit"});
    count(registry, "kit", "2026-03-10", 5);
    Trending trending(registry.database);
    CPPUNIT_ASSERT(!trending.refresh_if_due(TrendPeriod::week, noon_, [] { return true; }));
    CPPUNIT_ASSERT_EQUAL(std::string("of 0"), names(registry));
    CPPUNIT_ASSERT(trending.refresh_if_due(TrendPeriod::week, noon_));
    CPPUNIT_ASSERT_EQUAL(std::string("kit of 1"), names(registry));
  }

  void a_month_is_counted_by_itself() {
    Registry registry;
    publish(registry, {"kit", "app"});
    count(registry, "kit", "2026-02-11", 10);  // the first of 28 days
    count(registry, "app", "2026-02-10", 10);
    Trending trending(registry.database);
    CPPUNIT_ASSERT(trending.refresh_if_due(TrendPeriod::week, noon_));
    CPPUNIT_ASSERT_EQUAL(std::string("of 0"), names(registry, TrendPeriod::month));
    CPPUNIT_ASSERT(trending.refresh_if_due(TrendPeriod::month, noon_));
    CPPUNIT_ASSERT_EQUAL(std::string("kit of 1"), names(registry, TrendPeriod::month));
    CPPUNIT_ASSERT_EQUAL(std::string("of 0"), names(registry, TrendPeriod::week));
  }

  void what_lost_its_latest_version_is_not_shown() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (const char* name : {"kit", "app"}) {
      registry.publish(ada, name, "1.0.0");
      count(registry, name, "2026-03-10", 100);
    }
    Trending(registry.database).refresh_if_due(TrendPeriod::week, noon_);
    CPPUNIT_ASSERT_EQUAL(std::string("kit app of 2"), names(registry));
    registry.yanking().yank("kit", "1.0.0", {}, ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("app of 1"), names(registry));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(TrendingTest);
