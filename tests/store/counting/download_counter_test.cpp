// SPDX-License-Identifier: MIT
#include "registry/counting/download_counter.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>

#include "registry/counting/download_line.hpp"
#include "registry/services/downloads.hpp"
#include "registry/store/downloads.hpp"
#include "tests/support/download_log.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;
using std::chrono::milliseconds;

class DownloadCounterTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DownloadCounterTest);
  CPPUNIT_TEST(adds_each_line_once_to_every_sum);
  CPPUNIT_TEST(a_line_counts_when_it_is_whole);
  CPPUNIT_TEST(goes_over_lines_that_are_none);
  CPPUNIT_TEST(notes_versions_that_there_are_none_of_and_counts_removed_ones);
  CPPUNIT_TEST(follows_a_log_through_rotation);
  CPPUNIT_TEST(counts_what_still_comes_to_a_log_that_was_put_aside);
  CPPUNIT_TEST(a_reused_inode_is_another_log);
  CPPUNIT_TEST(reads_on_in_a_compressed_log);
  CPPUNIT_TEST(a_copy_is_the_same_log);
  CPPUNIT_TEST(a_log_that_is_emptied_is_begun_anew);
  CPPUNIT_TEST(a_removed_log_is_read_as_long_as_it_is_open);
  CPPUNIT_TEST(an_older_database_is_brought_up_to_date);
  CPPUNIT_TEST(two_counters_share_a_log_and_two_machines_the_counts);
  CPPUNIT_TEST(a_log_under_another_name_is_finished);
  CPPUNIT_TEST(memory_does_not_grow_with_a_line);
  CPPUNIT_TEST(keeps_raw_rows_only_when_asked_and_for_as_long);
  CPPUNIT_TEST(an_unreadable_directory_is_said);
  CPPUNIT_TEST_SUITE_END();

  struct World {
    Registry registry;
    Path log = registry.directory.path() / "downloads.log";
    CountingSettings settings;
    Principal ada;
    World() {
      settings.log = log;
      settings.machine = "main";
      settings.quiet = milliseconds(0);
      ada = registry.add_user("ada");
      for (const char* version : {"1.0.0", "2.0.0-rc.1+b7"}) registry.publish(ada, "kit", version);
      registry.publish(ada, "app", "1.0.0");
    }
    Path beside(const char* suffix) const { return log.native() + suffix; }
    std::int64_t counted() {
      return registry.number("SELECT COALESCE(SUM(count), 0) FROM version_downloads");
    }
    // Counts what there is, and says how much that is by now.
    std::int64_t count(DownloadCounter& counter) {
      while (counter.step()) {
      }
      const auto all = counted();
      for (const char* sum : {"SELECT COALESCE(SUM(count), 0) FROM package_downloads",
                              "SELECT COALESCE(SUM(count), 0) FROM daily_downloads",
                              "SELECT COALESCE(SUM(total), 0) FROM version_download_totals",
                              "SELECT COALESCE(SUM(total), 0) FROM download_totals",
                              "SELECT COALESCE(SUM(counted), 0) FROM download_logs"})
        CPPUNIT_ASSERT_EQUAL_MESSAGE(sum, all, registry.number(sum));
      return all;
    }
    std::int64_t count() {
      DownloadCounter counter(settings, registry.database);
      return count(counter);
    }
  };

 public:
  void adds_each_line_once_to_every_sum() {
    World world;
    const auto today = now(), yesterday = today - std::chrono::days(1);
    append(world.log, {.at = yesterday}, 3);
    append(world.log, {.version = "2.0.0-rc.1+b7", .at = today}, 4);
    append(world.log, {.name = "app", .at = today}, 5);
    append(world.log, {.at = today, .completion = ""}, 7);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, world.count());
    CPPUNIT_ASSERT_EQUAL_MESSAGE("again, from what the database holds", std::int64_t{12}, world.count());
    append(world.log, {.at = today}, 2);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{14}, world.count());
    auto& c = world.registry.database.connection();
    const auto kit = download_counts(c, world.registry.number("SELECT id FROM packages WHERE name = 'kit'"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, kit.total);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, kit.of("1.0.0"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, kit.of("2.0.0-rc.1+b7"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, kit.week);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{14}, all_downloads(c));
    auto rows = c.query("SELECT count FROM daily_downloads WHERE day = ?", store::day_of(yesterday));
    CPPUNIT_ASSERT(rows.next());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, rows.integer(0));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{21}, world.registry.number("SELECT lines_read FROM download_logs"));
  }

  void a_line_counts_when_it_is_whole() {
    World world;
    DownloadCounter counter(world.settings, world.registry.database);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("no log yet", std::int64_t{0}, world.count(counter));
    append(world.log, std::string());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, world.count(counter));
    const auto line = log_line({});
    append(world.log, line.substr(0, 40));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, world.count(counter));
    append(world.log, line.substr(40) + line.substr(0, line.size() - 1));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, world.count(counter));
    append(world.log, "\n");
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, world.count(counter));
  }

  void goes_over_lines_that_are_none() {
    World world;
    append(world.log, "\nnot JSON\n{\"status\":200}\n");
    append(world.log, LogLine{}, 2);
    append(world.log, std::string("\0\xff\xfe\n[]\n", 7));
    append(world.log, {.agent = "caf\xe9"}, 1);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, world.count());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, world.registry.number("SELECT unreadable FROM download_logs"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, world.registry.number("SELECT lines_read FROM download_logs"));
  }

  void notes_versions_that_there_are_none_of_and_counts_removed_ones() {
    World world;
    append(world.log, {.name = "nobody"}, 2);
    append(world.log, {.version = "9.9.9"}, 3);
    append(world.log, {.version = "2.0.0-rc.1"}, 4);  // the same number, but another text
    append(world.log, {.version = "2.0.0-rc.1+b7"}, 5);
    world.registry.removal().remove("kit", "2.0.0-rc.1+b7", world.ada, {});
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, world.count());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, world.registry.number("SELECT unknown FROM download_logs"));
  }

  void follows_a_log_through_rotation() {
    World world;
    DownloadCounter counter(world.settings, world.registry.database);
    append(world.log, LogLine{}, 3);
    world.count(counter);
    append(world.log, LogLine{}, 3);  // not seen before the log is put aside
    rename_over(world.log, world.beside(".1"));
    append(world.log, LogLine{}, 4);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{10}, world.count(counter));
    rename_over(world.beside(".1"), world.beside(".2"));
    rename_over(world.log, world.beside(".1"));
    append(world.log, LogLine{}, 5);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("by a clerk that was away meanwhile", std::int64_t{15}, world.count());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{15}, world.count(counter));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(
        "what was put aside and read is closed", std::int64_t{2},
        world.registry.number("SELECT COUNT(*) FROM download_logs WHERE closed_at IS NOT NULL"));
  }

  void counts_what_still_comes_to_a_log_that_was_put_aside() {
    World world;
    DownloadCounter counter(world.settings, world.registry.database);
    append(world.log, LogLine{}, 3);
    world.count(counter);
    rename_over(world.log, world.beside("-20260131"));
    append(world.log, LogLine{}, 1);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, world.count(counter));
    append(world.beside("-20260131"), LogLine{}, 2);  // a worker that has not reopened, after it was closed
    CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, world.count(counter));
    append(world.beside("-20260131"), LogLine{}, 2);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, world.count());
  }

  void a_reused_inode_is_another_log() {
    World world;
    append(world.log, LogLine{}, 6);
    world.count();
    // The file system gives the same inode and would give the same birth time: here it is the same file,
    // rewritten.
    world.registry.database.connection().run_text("UPDATE download_logs SET closed_at = NOW(3)");
    write_file_durably(world.beside(".keep"), "");
    const Fd fd = open_file(world.log, O_WRONLY | O_TRUNC);
    std::string text;
    for (int i = 0; i < 9; ++i) text += log_line({});
    write_all(fd.get(), text);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{15}, world.count());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, world.registry.number("SELECT COUNT(*) FROM download_logs"));
  }

  void reads_on_in_a_compressed_log() {
    World world;
    append(world.log, LogLine{}, 3);
    world.count();
    append(world.log, LogLine{}, 20000);  // several buffers
    rename_over(world.log, world.beside(".2"));
    compress(world.beside(".2"));
    append(world.log, LogLine{}, 2);
    append(world.beside(".9"), LogLine{}, 4);  // never seen before it was compressed
    compress(world.beside(".9"));
    DownloadCounter counter(world.settings, world.registry.database);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{20009}, world.count(counter));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{20009}, world.count(counter));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{20009}, world.count());
    append(world.beside(".10.gz"), "this is no gzip file\n");
    auto cut = *read_file(world.beside(".2.gz"));
    append(world.beside(".11.gz"), cut.substr(0, cut.size() / 2));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{20009}, world.count());
  }

  void a_copy_is_the_same_log() {
    World world;
    append(world.log, LogLine{}, 3);
    world.count();
    std::filesystem::copy_file(world.log, world.beside(".copy"));
    append(world.log, LogLine{}, 4);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, world.count());
    DownloadCounter counter(world.settings, world.registry.database);
    world.count(counter);
    // What compresses makes a copy first, and removes the original then.
    rename_over(world.log, world.beside(".1"));
    write_file_durably(world.beside(".1.gz"), "");
    append(world.beside(".1"), LogLine{}, 2);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, world.count(counter));
    compress(world.beside(".1"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, world.count(counter));
    remove_file(world.beside(".copy"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, world.count(counter));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, world.count());
  }

  void a_log_that_is_emptied_is_begun_anew() {
    World world;
    DownloadCounter counter(world.settings, world.registry.database);
    append(world.log, LogLine{}, 6);
    world.count(counter);
    std::filesystem::resize_file(world.log, 0);
    append(world.log, LogLine{}, 2);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, world.count(counter));
    std::filesystem::resize_file(world.log, 0);
    append(world.log, LogLine{}, 9);  // longer than before
    CPPUNIT_ASSERT_EQUAL(std::int64_t{17}, world.count(counter));
  }

  void a_removed_log_is_read_as_long_as_it_is_open() {
    World world;
    DownloadCounter counter(world.settings, world.registry.database);
    append(world.log, LogLine{}, 1);
    world.count(counter);
    const Fd nginx = open_file(world.log, O_WRONLY | O_APPEND);
    remove_file(world.log);
    write_all(nginx.get(), log_line({}));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, world.count(counter));
    append(world.log, LogLine{}, 3);
    write_all(nginx.get(), log_line({}));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, world.count(counter));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("by one who cannot know it", std::int64_t{6}, world.count());
  }

  void an_older_database_is_brought_up_to_date() {
    World world;
    append(world.log, LogLine{}, 3);
    world.count();
    auto& c = world.registry.database.connection();
    const char* tables[] = {"version_downloads",       "package_downloads", "daily_downloads",
                            "version_download_totals", "download_totals",   "download_logs"};
    for (const std::string table : tables)
      c.run_text("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table);
    DownloadCounter counter(world.settings, world.registry.database);
    append(world.log, LogLine{}, 4);
    rename_over(world.log, world.beside(".1"));
    append(world.log, LogLine{}, 5);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, world.count(counter));
    for (const std::string table : tables) {
      c.run_text("DELETE FROM " + table);
      c.run_text("INSERT INTO " + table + " SELECT * FROM kept_" + table);
    }
    append(world.log, LogLine{}, 1);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("by a clerk that was not told", std::int64_t{13}, world.count(counter));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{13}, world.count());
  }

  void two_counters_share_a_log_and_two_machines_the_counts() {
    World world;
    store::Database other_database(world.registry.scratch.settings());
    DownloadCounter one(world.settings, world.registry.database), two(world.settings, other_database);
    auto settings = world.settings;
    settings.machine = "second";
    settings.log = world.registry.directory.path() / "second.log";
    DownloadCounter elsewhere(settings, other_database);
    std::int64_t expected = 0;
    for (int round = 1; round <= 5; ++round) {
      append(world.log, LogLine{}, round);
      append(settings.log, LogLine{}, round);
      expected += 2 * round;
      if (round % 2) world.count(two);
      world.count(one);
      world.count(two);
      CPPUNIT_ASSERT_EQUAL(expected, world.count(elsewhere));
    }
    settings.machine = "renamed";
    CPPUNIT_ASSERT_EQUAL_MESSAGE("a machine with a new name goes on", expected,
                                 (DownloadCounter(settings, other_database).step(), world.counted()));
  }

  void a_log_under_another_name_is_finished() {
    World world;
    append(world.log, LogLine{}, 3);
    world.count();
    append(world.log, LogLine{}, 2);
    world.settings.log = world.registry.directory.path() / "renamed.log";
    append(world.settings.log, LogLine{}, 1);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, world.count());
  }

  void memory_does_not_grow_with_a_line() {
    World world;
    append(world.log, LogLine{}, 2);
    append(world.log, std::string(3 * k_log_buffer + 77, 'x') + "\n");
    append(world.log, LogLine{}, 3);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, world.count());
    append(world.log, {.agent = std::string(100'000, 'a')}, 1);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, world.count());
  }

  void keeps_raw_rows_only_when_asked_and_for_as_long() {
    World world;
    append(world.log, LogLine{}, 1);
    world.count();
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, world.registry.number("SELECT COUNT(*) FROM raw_downloads"));
    world.settings.raw = true;
    const auto today = now();
    for (const char* address : {"192.0.2.7", "192.0.2.7", "192.0.2.8"})
      append(world.log, {.at = today, .address = address, .agent = std::string(300, 'a') + "é"}, 1);
    append(world.log, {.name = "nobody"}, 1);
    append(world.log, {.at = today - std::chrono::days(2), .address = "192.0.2.7"}, 1);
    append(world.log, {.at = today - std::chrono::days(40), .address = "192.0.2.7"}, 1);
    world.count();
    auto& r = world.registry;
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, r.number("SELECT COUNT(*) FROM raw_downloads"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("one address, two, one each on days that are over", std::int64_t{4},
                                 r.number("SELECT COUNT(DISTINCT address) FROM raw_downloads"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                         r.number("SELECT COUNT(*) FROM raw_downloads WHERE address LIKE '192%'"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{255}, r.number("SELECT MAX(CHAR_LENGTH(agent)) FROM raw_downloads"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("today's salt alone is kept", std::int64_t{1},
                                 r.number("SELECT COUNT(*) FROM download_salts WHERE day = UTC_DATE()"));
    r.database.connection().run_text("UPDATE download_salts SET day = day - INTERVAL 1 DAY");
    world.settings.counting = false;
    world.count();
    CPPUNIT_ASSERT_EQUAL_MESSAGE("what is too old is deleted, be counting off", std::int64_t{4},
                                 r.number("SELECT COUNT(*) FROM raw_downloads"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, r.number("SELECT COUNT(*) FROM download_salts"));
  }

  void an_unreadable_directory_is_said() {
    World world;
    world.settings.log = world.registry.directory.path() / "nowhere" / "downloads.log";
    CPPUNIT_ASSERT_EQUAL_MESSAGE("one that is not there is no error", std::int64_t{0}, world.count());
    append(world.beside(".d"), "x");
    world.settings.log = world.beside(".d") / "downloads.log";
    CPPUNIT_ASSERT_THROW(world.count(), Error);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(DownloadCounterTest);
