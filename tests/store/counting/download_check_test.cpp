// SPDX-License-Identifier: MIT
#include "registry/counting/download_check.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <thread>

#include "registry/counting/download_counter.hpp"
#include "registry/store/checks.hpp"
#include "registry/store/downloads.hpp"
#include "registry/store/imported.hpp"
#include "tests/support/download_log.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;

class DownloadCheckTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DownloadCheckTest);
  CPPUNIT_TEST(counts_that_are_those_of_the_logs_are_clean);
  CPPUNIT_TEST(finds_and_repairs_counts_that_differ);
  CPPUNIT_TEST(finds_and_repairs_sums_that_do_not_add_up);
  CPPUNIT_TEST(sums_are_made_anew_while_a_first_download_is_counted);
  CPPUNIT_TEST(leaves_out_days_that_the_logs_do_not_cover_whole);
  CPPUNIT_TEST(a_log_that_lost_lines_is_a_loss);
  CPPUNIT_TEST(a_log_that_went_too_early_is_a_loss_until_it_is_noted);
  CPPUNIT_TEST(looks_at_copies_of_another_machines_logs);
  CPPUNIT_TEST(imported_counts_are_in_no_log);
  CPPUNIT_TEST_SUITE_END();

  struct World {
    Registry registry;
    Path log = registry.directory.path() / "downloads.log";
    DownloadCheckSettings settings{{log}, "main"};
    Time today = now(), yesterday = today - std::chrono::days(1), before = today - std::chrono::days(2);
    World() {
      const auto ada = registry.add_user("ada");
      for (const char* name : {"kit", "app"}) registry.publish(ada, name, "1.0.0");
    }
    Path beside(const char* suffix) const { return log.native() + suffix; }
    void count(const Path& from, const std::string& machine) {
      CountingSettings counting;
      counting.log = from;
      counting.machine = machine;
      counting.quiet = std::chrono::milliseconds(0);
      DownloadCounter counter(counting, registry.database);
      while (counter.step()) {
      }
    }
    void count() { count(log, "main"); }
    DownloadCheck check() { return check_downloads(registry.database, settings); }
    DownloadCheck repair() {
      return repair_downloads(registry.database, settings, [](store::Connection&, const DownloadCheck&) {});
    }
    void sql(const std::string& text) { registry.database.connection().run_text(text); }
    // Three days in two logs.
    void three_days() {
      append(log, {.at = before}, 3);
      append(log, {.at = yesterday}, 4);
      count();
      rename_over(log, beside(".1"));
      append(log, {.at = yesterday}, 5);
      append(log, {.name = "app", .at = today}, 6);
      append(log, {.name = "nobody", .at = today}, 1);
      append(log, "no line\n");
      count();
    }
  };
  static std::string days(const DownloadCheck& check) {
    std::string all;
    for (const auto& day : check.days) all += day + " ";
    return all;
  }

 public:
  void counts_that_are_those_of_the_logs_are_clean() {
    World world;
    CPPUNIT_ASSERT_EQUAL_MESSAGE("nothing at all", 0, world.check().verdict());
    world.three_days();
    compress(world.beside(".1"));
    auto check = world.check();
    CPPUNIT_ASSERT_EQUAL(0, check.verdict());
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, check.days.size());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{18}, check.downloads);
    CPPUNIT_ASSERT_EQUAL(2u, check.logs);
    append(world.log, LogLine{}, 7);
    append(world.beside(".0"), LogLine{}, 7);
    check = world.check();
    CPPUNIT_ASSERT_EQUAL_MESSAGE("what waits is no difference", 0, check.verdict());
    CPPUNIT_ASSERT(check.uncounted > 14 * 100);
  }

  void finds_and_repairs_counts_that_differ() {
    World world;
    world.three_days();
    world.sql("UPDATE version_downloads SET count = count + 1 WHERE count = 9");
    world.sql("DELETE FROM version_downloads WHERE count = 6");
    world.sql("INSERT INTO version_downloads VALUES (2, UTC_DATE() - INTERVAL 2 DAY, 8)");
    auto check = world.check();
    CPPUNIT_ASSERT_EQUAL(1, check.verdict());
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, check.differences.size());
    CPPUNIT_ASSERT_EQUAL(std::string("kit"), check.differences[0].package);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{10}, check.differences[0].counted);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{9}, check.differences[0].logged);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("checking repairs nothing", 1, world.check().verdict());
    CPPUNIT_ASSERT_EQUAL(1, world.repair().verdict());
    CPPUNIT_ASSERT_EQUAL(0, world.check().verdict());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{18}, world.registry.number("SELECT SUM(total) FROM download_totals"));
    append(world.log, LogLine{}, 2);
    world.count();
    CPPUNIT_ASSERT_EQUAL(0, world.check().verdict());
  }

  void finds_and_repairs_sums_that_do_not_add_up() {
    for (const char* spoil :
         {"UPDATE package_downloads SET count = count + 1 LIMIT 1", "DELETE FROM daily_downloads",
          "INSERT INTO version_download_totals VALUES (77, 7, 1)", "UPDATE download_totals SET total = 0"}) {
      World world;
      world.three_days();
      world.sql(spoil);
      const auto check = world.check();
      CPPUNIT_ASSERT_EQUAL_MESSAGE(spoil, 1, check.verdict());
      CPPUNIT_ASSERT_EQUAL_MESSAGE(spoil, std::size_t{1}, check.wrong_sums.size());
      world.repair();
      CPPUNIT_ASSERT_EQUAL_MESSAGE(spoil, 0, world.check().verdict());
    }
  }

  void sums_are_made_anew_while_a_first_download_is_counted() {
    World world;
    append(world.log, {.at = world.today}, 3);
    world.count();
    append(world.log, {.name = "app", .at = world.today}, 2);
    const auto app = world.registry.number("SELECT id FROM packages WHERE name = 'app'");
    store::Connection repairer(world.registry.scratch.settings());
    repairer.begin();
    store::sum_downloads_anew(repairer, app);
    std::thread counting([&] { world.count(); });
    store::Connection watcher(world.registry.scratch.settings());
    const auto waits = [&] {
      auto rows = watcher.query(
          "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT' AND"
          " trx_mysql_thread_id IN (SELECT id FROM information_schema.PROCESSLIST WHERE db = DATABASE())");
      rows.next();
      return rows.integer(0) == 1;
    };
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    bool waited = waits();
    while (!waited && std::chrono::steady_clock::now() < patience) {
      std::this_thread::sleep_for(
          std::chrono::milliseconds(110));  // InnoDB's own tables are made anew ten times a second
      waited = waits();
    }
    store::sum_downloads_anew(repairer, app);
    store::sum_daily_downloads_anew(repairer);
    repairer.commit();
    counting.join();
    CPPUNIT_ASSERT_MESSAGE("counting waits for the repair", waited);
    CPPUNIT_ASSERT_EQUAL(0, world.check().verdict());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, world.registry.number("SELECT SUM(total) FROM download_totals"));
  }

  void leaves_out_days_that_the_logs_do_not_cover_whole() {
    World world;
    world.three_days();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(
        "closed, so it may go", std::int64_t{1},
        world.registry.number("SELECT COUNT(*) FROM download_logs WHERE closed_at > 0"));
    remove_file(world.beside(".1"));
    world.sql("UPDATE version_downloads SET count = count + 5 WHERE day < UTC_DATE()");
    world.sql("UPDATE package_downloads SET count = count + 5 WHERE day < UTC_DATE()");
    world.sql("UPDATE daily_downloads SET count = count + 5 WHERE day < UTC_DATE()");
    world.sql("UPDATE download_totals SET total = total + 10 WHERE package_id = 1");
    world.sql("UPDATE version_download_totals SET total = total + 10 WHERE package_id = 1");
    const auto check = world.check();
    CPPUNIT_ASSERT_EQUAL(store::day_of(world.today) + " ", days(check));
    CPPUNIT_ASSERT_EQUAL(1u, check.logs_elsewhere);
    CPPUNIT_ASSERT_EQUAL(0, check.verdict());
  }

  void a_log_that_lost_lines_is_a_loss() {
    World world;
    world.three_days();
    auto text = *read_file(world.beside(".1"));
    text.erase(text.find('\n') + 1, text.find('\n', text.find('\n') + 1) - text.find('\n'));
    remove_file(world.beside(".1"));
    append(world.beside(".1"), text);
    const auto check = world.check();
    CPPUNIT_ASSERT_EQUAL(2, check.verdict());
    CPPUNIT_ASSERT(!check.losses.at(0).gone);
    CPPUNIT_ASSERT_EQUAL(store::day_of(world.today) + " ", days(check));
  }

  void a_log_that_went_too_early_is_a_loss_until_it_is_noted() {
    World world;
    append(world.log, LogLine{}, 3);
    world.count();
    remove_file(world.log);
    CPPUNIT_ASSERT_EQUAL(2, world.check().verdict());
    CPPUNIT_ASSERT_EQUAL(2, world.repair().verdict());
    CPPUNIT_ASSERT_EQUAL(0, world.check().verdict());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, world.registry.number("SELECT SUM(total) FROM download_totals"));
  }

  void looks_at_copies_of_another_machines_logs() {
    World world;
    const Path other = world.registry.directory.path() / "b" / "downloads.log";
    std::filesystem::create_directory(other.parent_path());
    world.three_days();
    append(other, {.at = world.today}, 5);
    world.count(other, "second");
    auto check = world.check();
    CPPUNIT_ASSERT_EQUAL_MESSAGE("another machine's is no loss here", 0, check.verdict());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, check.days.size());
    world.settings.logs.push_back(other);
    check = world.check();
    CPPUNIT_ASSERT_EQUAL(0, check.verdict());
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, check.days.size());
  }

  void imported_counts_are_in_no_log() {
    World world;
    world.three_days();
    world.registry.database.transaction([&](store::Connection& c) {
      store::add_downloads(c, 1, 1, {{store::day_of(world.yesterday), 100}, {store::day_of(world.today), 7}});
    });
    CPPUNIT_ASSERT_EQUAL(0, world.check().verdict());
    world.sql("UPDATE version_downloads SET count = count - 1 WHERE count = 109");
    const auto check = world.check();
    CPPUNIT_ASSERT_EQUAL(1, check.verdict());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{100}, check.differences.at(0).imported);
    world.repair();
    CPPUNIT_ASSERT_EQUAL(std::int64_t{109},
                         world.registry.number("SELECT MAX(count) FROM version_downloads"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(DownloadCheckTest);
