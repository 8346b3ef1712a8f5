// SPDX-License-Identifier: MIT
#include "registry/services/statistics.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/text.hpp"
#include "registry/store/migrations.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/queries.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;

class StatisticsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(StatisticsTest);
  CPPUNIT_TEST(counts_packages_versions_and_users);
  CPPUNIT_TEST(the_kept_totals_are_what_counting_finds_after_every_kind_of_change);
  CPPUNIT_TEST(the_ten_most_downloaded_are_on_top);
  CPPUNIT_TEST(a_package_has_a_figure_for_every_day_and_sums_of_week_month_and_year);
  CPPUNIT_TEST(dependents_are_those_whose_latest_version_depends_on_it);
  CPPUNIT_TEST(a_dependent_is_listed_once_and_never_itself);
  CPPUNIT_TEST(dependents_come_in_pages_by_name);
  CPPUNIT_TEST(the_migration_finds_the_dependents_that_publishing_writes);
  CPPUNIT_TEST_SUITE_END();

  static std::string dependents(Registry& registry, const char* name, std::uint64_t limit = 100,
                                std::uint64_t offset = 0) {
    std::string all;
    for (const auto& one : Statistics(registry.database).dependents(name, limit, offset).packages)
      all += one.package + " " + one.version + " " + one.requirement + " " + one.kind + "; ";
    return all;
  }
  static std::string rows(Registry& registry) {
    return registry.database.read([](store::Connection& c) {
      std::string all;
      auto found =
          c.query("SELECT name, package, kind, requirement FROM package_dependencies ORDER BY name, package");
      while (found.next())
        all += found.text(0) + " " + found.text(1) + " " + found.text(2) + " " + found.text(3) + "\n";
      return all;
    });
  }

 public:
  void counts_packages_versions_and_users() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.add_user("bob");
    registry.publish(ada, "kit", "1.0.0");
    registry.publish(ada, "kit", "1.1.0");
    registry.publish(ada, "app", "1.0.0");
    registry.removal().remove("app", "1.0.0", ada, {});
    Statistics statistics(registry.database);
    const auto first = statistics.overview();
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, first.totals.packages);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, first.totals.listed);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, first.totals.versions);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, first.users);
    CPPUNIT_ASSERT_EQUAL(std::string("kit"), first.top.at(0).name);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(
        "asked again at once, nothing is counted again", std::int64_t{0},
        queries_of(registry.database, [&] { statistics.overview(Statistics::Counts::a_second_old); }));
    registry.publish(ada, "kit", "1.2.0");
    CPPUNIT_ASSERT_EQUAL_MESSAGE("asked for exactly, everything is", std::int64_t{3},
                                 statistics.overview().totals.versions);
  }

  void the_kept_totals_are_what_counting_finds_after_every_kind_of_change() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    const auto check = [&](const char* what) {
      registry.database.read([&](store::Connection& c) {
        const auto kept = store::totals(c), counted = store::counted_totals(c);
        CPPUNIT_ASSERT_MESSAGE(what, kept == counted);
        return true;
      });
    };
    registry.publish(ada, "kit", "1.0.0");
    registry.publish(ada, "kit", "1.1.0-rc.1");
    registry.publish(ada, "app", "2.0.0");
    check("publishing");
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, registry.number("SELECT versions FROM registry_totals"));
    CPPUNIT_ASSERT_EQUAL(std::string("version_exists"),
                         code_of([&] { registry.publish(ada, "kit", "1.0.0"); }));
    check("a publish that is refused");
    registry.publish(ada, package_archive("new", "1.0.0"), {}, true);
    check("a dry run");
    registry.yanking().yank("app", "2.0.0", {}, ada, {});
    check("yanking the last version");
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, registry.number("SELECT listed FROM registry_totals"));
    registry.yanking().unyank("app", "2.0.0", ada, {});
    check("unyanking");
    registry.removal().remove("app", "2.0.0", ada, {});
    check("removing the last version");
    registry.removal().remove("kit", "1.0.0", ada, {});
    check("removing one of two");
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, registry.number("SELECT packages FROM registry_totals"));
  }

  void the_ten_most_downloaded_are_on_top() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (int i = 0; i < 12; ++i) registry.publish(ada, "pack-" + std::string(1, "abcdefghjkmn"[i]), "1.0.0");
    registry.database.connection().run_text(
        "INSERT INTO download_totals (package_id, total) SELECT id, id * 10 FROM packages");
    const auto overview = Statistics(registry.database).overview();
    CPPUNIT_ASSERT_EQUAL(std::size_t{10}, overview.top.size());
    CPPUNIT_ASSERT_EQUAL(std::string("pack-n"), overview.top.front().name);
    CPPUNIT_ASSERT_EQUAL(std::string("pack-c"), overview.top.back().name);
    CPPUNIT_ASSERT_EQUAL(registry.number("SELECT MAX(total) FROM download_totals"),
                         overview.top.front().downloads);
  }

  void a_package_has_a_figure_for_every_day_and_sums_of_week_month_and_year() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    registry.publish(ada, "kit", "1.1.0");
    registry.publish(ada, "app", "1.0.0", "[dependencies]\nkit = \"1\"");
    registry.yanking().yank("kit", "1.0.0", {}, ada, {});
    auto& c = registry.database.connection();
    c.run_text("INSERT INTO download_totals (package_id, total) SELECT id, 5000 FROM packages");
    // One, two, four … downloads on days at and beyond the edges; what lies beyond counts in the total alone.
    int count = 1;
    for (const char* day :
         {"2026-03-10", "2026-03-04", "2026-03-03", "2026-02-09", "2026-02-08", "2025-03-11", "2025-03-10"}) {
      c.execute("INSERT INTO package_downloads (package_id, day, count) SELECT id, ?, ? FROM packages", day,
                count);
      count *= 2;
    }
    Statistics statistics(registry.database);
    const Time noon = *from_rfc3339("2026-03-10T12:00:00Z");
    const auto figures = statistics.of_package("kit", 7, noon);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5000}, figures.total);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1 + 2}, figures.week);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1 + 2 + 4 + 8}, figures.month);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1 + 2 + 4 + 8 + 16 + 32}, figures.year);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, figures.versions);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, figures.dependents);
    CPPUNIT_ASSERT_EQUAL(std::size_t{7}, figures.daily.size());
    CPPUNIT_ASSERT_EQUAL(std::string("2026-03-04"), figures.daily.front().day);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, figures.daily.front().count);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, figures.daily.at(3).count);
    CPPUNIT_ASSERT_EQUAL(std::string("2026-03-10"), figures.daily.back().day);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, figures.daily.back().count);
    const auto longest = statistics.of_package("kit", Statistics::k_most_days, noon);
    CPPUNIT_ASSERT_EQUAL(std::size_t{366}, longest.daily.size());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{64}, longest.daily.front().count);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{32}, longest.daily.at(1).count);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("a day outside of the year adds nothing to it", figures.year, longest.year);
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { statistics.of_package("kat"); }));
  }

  void dependents_are_those_whose_latest_version_depends_on_it() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    registry.publish(ada, "app", "1.0.0", "[dependencies]\nkit = \"^1\"");
    registry.publish(ada, "tool", "1.0.0", "[dev-dependencies]\nkit = \"~1.2\"");
    CPPUNIT_ASSERT_EQUAL(std::string("app 1.0.0 ^1.0.0 normal; tool 1.0.0 ~1.2.0 dev; "),
                         dependents(registry, "kit"));
    registry.publish(ada, "app", "2.0.0", "[dependencies]\nkit = \"=1.0.0\"");
    registry.publish(ada, "tool", "0.9.0");
    CPPUNIT_ASSERT_EQUAL_MESSAGE("the highest version decides, not the last published",
                                 std::string("app 2.0.0 =1.0.0 normal; tool 1.0.0 ~1.2.0 dev; "),
                                 dependents(registry, "kit"));
    registry.yanking().yank("app", "2.0.0", {}, ada, {});
    registry.yanking().yank("tool", "1.0.0", {}, ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("app 1.0.0 ^1.0.0 normal; "), dependents(registry, "kit"));
    registry.yanking().yank("app", "1.0.0", {}, ada, {});
    CPPUNIT_ASSERT_EQUAL_MESSAGE("without a latest version nothing depends on anything", std::string(),
                                 dependents(registry, "kit"));
    registry.yanking().unyank("app", "2.0.0", ada, {});
    registry.removal().remove("app", "1.0.0", ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("app 2.0.0 =1.0.0 normal; "), dependents(registry, "kit"));
    registry.removal().remove("app", "2.0.0", ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string(), dependents(registry, "kit"));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { dependents(registry, "kat"); }));
  }

  void a_dependent_is_listed_once_and_never_itself() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    registry.publish(ada, "app", "1.0.0",
                     "[dependencies]\nkit = \"=1.0.0\"\n[dev-dependencies]\nkit = \"2.0.0\"");
    CPPUNIT_ASSERT_EQUAL(std::string("app 1.0.0 =1.0.0 normal; "), dependents(registry, "kit"));
    registry.publish(ada, "kit", "1.1.0", "[dev-dependencies]\nkit = \"1.0.0\"");
    CPPUNIT_ASSERT_EQUAL(std::string("app 1.0.0 =1.0.0 normal; "), dependents(registry, "kit"));
  }

  void dependents_come_in_pages_by_name() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    for (const char* name : {"delta", "alpha", "charlie", "bravo"})
      registry.publish(ada, name, "1.0.0", "[dependencies]\nkit = \"*\"");
    Statistics statistics(registry.database);
    const auto page = statistics.dependents("kit", 2, 1);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, page.total);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, page.packages.size());
    CPPUNIT_ASSERT_EQUAL(std::string("bravo"), page.packages.at(0).package);
    CPPUNIT_ASSERT_EQUAL(std::string("charlie"), page.packages.at(1).package);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3},
                         queries_of(registry.database, [&] { statistics.dependents("kit", 100, 0); }));
  }

  void the_migration_finds_the_dependents_that_publishing_writes() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0", "[dev-dependencies]\nkit = \"1\"");
    registry.publish(ada, "app", "1.0.0", "[dependencies]\nkit = \"1\"\nold = \"1\"");
    registry.publish(ada, "app", "1.1.0",
                     "[dependencies]\nkit = \"1.1\"\n[dev-dependencies]\nkit = \"2\"\ncheck = \"3\"");
    registry.publish(ada, "gone", "1.0.0", "[dependencies]\nkit = \"1\"");
    registry.yanking().yank("gone", "1.0.0", {}, ada, {});
    const auto written = rows(registry);
    CPPUNIT_ASSERT(!written.empty());
    auto& c = registry.database.connection();
    c.run_text("DELETE FROM package_dependencies");
    int filled = 0;
    for (const auto& migration : store::migrations())
      for (const auto statement : split(migration.sql, ';')) {
        const auto begin = statement.find("INSERT");
        if (begin == statement.npos || statement.find("INTO package_dependencies") == statement.npos)
          continue;
        c.run_text(statement.substr(begin));
        ++filled;
      }
    CPPUNIT_ASSERT_EQUAL(2, filled);
    CPPUNIT_ASSERT_EQUAL(written, rows(registry));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(StatisticsTest);
