// SPDX-License-Identifier: MIT
#include "registry/store/downloads.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "registry/services/catalogue.hpp"
#include "registry/services/downloads.hpp"
#include "registry/services/statistics.hpp"
#include "registry/store/users.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;

class DownloadsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DownloadsTest);
  CPPUNIT_TEST(a_week_is_seven_days_with_today);
  CPPUNIT_TEST(sums_up_all_month_and_week);
  CPPUNIT_TEST(remembers_counts_until_the_total_changes);
  CPPUNIT_TEST(a_package_that_nobody_downloaded_has_zeros);
  CPPUNIT_TEST(every_reader_of_counts_sees_them);
  CPPUNIT_TEST_SUITE_END();

  static void count(store::Connection& c, std::int64_t package, int days_ago, int count) {
    c.execute("INSERT INTO package_downloads (package_id, day, count) VALUES (?, ?, ?)", package,
              first_day_of_last(days_ago + 1), count);
  }

 public:
  void a_week_is_seven_days_with_today() {
    const auto moment = *from_rfc3339("2026-03-02T23:59:59Z");
    CPPUNIT_ASSERT_EQUAL(std::string("2026-02-24"), first_day_of_last(k_week_days, moment));
    CPPUNIT_ASSERT_EQUAL(std::string("2026-03-02"), first_day_of_last(1, moment));
    CPPUNIT_ASSERT_EQUAL(std::string("2025-03-03"), first_day_of_last(k_year_days, moment));
  }

  void sums_up_all_month_and_week() {
    ScratchDatabase scratch;
    store::Connection c(scratch.settings());
    count(c, 7, 0, 1);
    count(c, 7, 6, 20);
    count(c, 7, 7, 300);
    count(c, 7, 29, 4000);
    count(c, 7, 30, 50000);
    count(c, 8, 0, 600000);
    c.execute("INSERT INTO download_totals (package_id, total) VALUES (7, 54321), (8, 600000)");
    const auto counts = download_counts(c, 7);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{54321}, counts.total);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{21}, counts.week);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{4321}, counts.month);
  }

  void remembers_counts_until_the_total_changes() {
    ScratchDatabase scratch;
    store::Connection c(scratch.settings());
    DownloadMemory memory;
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, memory.counts(c, 7, 0).total);
    count(c, 7, 0, 5);
    c.execute("INSERT INTO download_totals (package_id, total) VALUES (7, 5), (8, 5)");
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, memory.counts(c, 7, 5).week);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, memory.counts(c, 8, 5).week);
    count(c, 7, 1, 2);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("remembered", std::int64_t{5}, memory.counts(c, 7, 5).week);
    c.execute("UPDATE download_totals SET total = 7 WHERE package_id = 7");
    CPPUNIT_ASSERT_EQUAL_MESSAGE("read anew", std::int64_t{7}, memory.counts(c, 7, 7).week);
    // A total from another moment than the counts is as good as none.
    CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, memory.counts(c, 7, 6).total);
  }

  void a_package_that_nobody_downloaded_has_zeros() {
    ScratchDatabase scratch;
    store::Connection c(scratch.settings());
    const auto counts = download_counts(c, 7);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, counts.total + counts.week + counts.month);
    CPPUNIT_ASSERT(counts.versions.empty());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, version_downloads(c, 7));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, all_downloads(c));
  }

  void every_reader_of_counts_sees_them() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    registry.publish(ada, "kit", "2.0.0");
    registry.publish(ada, "app", "1.0.0");
    auto& c = registry.database.connection();
    c.run_text(
        "INSERT INTO version_download_totals (version_id, package_id, total)"
        " SELECT v.id, v.package_id, 5 FROM versions v WHERE v.version = '2.0.0'");
    c.run_text(
        "INSERT INTO download_totals (package_id, total) SELECT id, 5 FROM packages WHERE name = 'kit'");
    c.execute("INSERT INTO daily_downloads (day, count) VALUES (?, 3), ('2020-01-01', 2)",
              first_day_of_last(1));
    Catalogue catalogue(registry.database);
    const auto counts = catalogue.package("kit").downloads;
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, counts.total);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, counts.of("2.0.0"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, counts.of("1.0.0"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, catalogue.stamp("kit").downloads.total);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, catalogue.version("kit", "2.0.0").downloads);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, Statistics(registry.database).overview().downloads);
    const auto profile = store::user_profile(c, "ada", store::Quarantined::shown, 10);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, profile->packages.at(0).downloads);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, profile->packages.at(1).downloads);
    const auto first = store::user_profile(c, "ada", store::Quarantined::left_out, 1);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, first->packages.size());
    CPPUNIT_ASSERT_EQUAL(profile->packages.at(0).name, first->packages.at(0).name);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, first->total_downloads);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(DownloadsTest);
