// SPDX-License-Identifier: MIT
#include "registry/projections/journal_files.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"
#include "tests/support/clerk_world.hpp"

using namespace wharf;
using store::JournalEvent;

class ClerkJournalFilesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClerkJournalFilesTest);
  CPPUNIT_TEST(begin_at_nothing);
  CPPUNIT_TEST(hold_ten_thousand_events_each);
  CPPUNIT_TEST(refuse_an_event_that_does_not_follow);
  CPPUNIT_TEST(drop_files_that_nothing_leads_to);
  CPPUNIT_TEST(go_back_to_the_file_before_where_the_last_is_useless);
  CPPUNIT_TEST_SUITE_END();

  static std::vector<JournalEvent> events(std::uint64_t from, std::uint64_t to, std::string previous) {
    std::vector<JournalEvent> made;
    for (auto seq = from; seq <= to; ++seq) {
      JournalEvent event;
      event.seq = seq;
      event.at = time_from_unix_milliseconds(1'700'000'000'000 + static_cast<std::int64_t>(seq) * 1000);
      event.action = "yank";
      event.package = "alpha";
      event.version = "1.0.0";
      event.actor = "ada";
      event.body = "{\"reason\":\",\\\"body\\\":{} and }} " + std::to_string(seq) + "\"}";
      event.hash = previous = store::chain_hash(previous, event.body);
      made.push_back(std::move(event));
    }
    return made;
  }

 public:
  void begin_at_nothing() {
    test::ScratchDirectory directory;
    CPPUNIT_ASSERT(JournalFiles(directory.path()).position() == store::JournalPosition{});
  }

  void hold_ten_thousand_events_each() {
    test::ScratchDirectory directory;
    const auto all = events(1, 20'001, store::JournalPosition{}.hash);
    {
      JournalFiles files(directory.path());
      files.append({all.begin(), all.begin() + 9'999});
      files.append({all.begin() + 9'999, all.end()}, false);
    }
    JournalFiles files(directory.path());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{20'001}, files.position().seq);
    CPPUNIT_ASSERT_EQUAL(all.back().hash, files.position().hash);
    for (const std::uint64_t first : {1u, 10'001u, 20'001u}) {
      const auto text = *read_file(directory.path() / (std::to_string(first) + ".jsonl"));
      CPPUNIT_ASSERT(text.starts_with(JournalFiles::line_of(all[first - 1])));
    }
    // Exactly full: the next event opens a file.
    std::filesystem::remove(directory.path() / "20001.jsonl");
    JournalFiles full(directory.path());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{20'000}, full.position().seq);
    full.append({all.back()});
    CPPUNIT_ASSERT_EQUAL(JournalFiles::line_of(all.back()), *read_file(directory.path() / "20001.jsonl"));
  }

  void refuse_an_event_that_does_not_follow() {
    test::ScratchDirectory directory;
    JournalFiles files(directory.path());
    CPPUNIT_ASSERT_THROW(files.append(events(2, 2, store::JournalPosition{}.hash)), Error);
  }

  void drop_files_that_nothing_leads_to() {
    test::ScratchDirectory directory;
    JournalFiles(directory.path()).append(events(1, 3, store::JournalPosition{}.hash));
    write_file_durably(directory.path() / "20001.jsonl", "{}\n");
    write_file_durably(directory.path() / "7.jsonl", "{}\n");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, JournalFiles(directory.path()).position().seq);
    CPPUNIT_ASSERT(!std::filesystem::exists(directory.path() / "20001.jsonl"));
    CPPUNIT_ASSERT(!std::filesystem::exists(directory.path() / "7.jsonl"));
  }

  void go_back_to_the_file_before_where_the_last_is_useless() {
    test::ScratchDirectory directory;
    const auto all = events(1, 10'002, store::JournalPosition{}.hash);
    JournalFiles(directory.path()).append(all);
    auto text = *read_file(directory.path() / "10001.jsonl");
    text[text.size() / 4] ^= 1;  // within its first line
    write_file_durably(directory.path() / "10001.jsonl", text);
    JournalFiles files(directory.path());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{10'000}, files.position().seq);
    files.append({all.begin() + 10'000, all.end()});
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{10'002}, JournalFiles(directory.path()).position().seq);
    // Where the first of two is not whole, the second has nothing to stand on.
    auto first = *read_file(directory.path() / "1.jsonl");
    write_file_durably(directory.path() / "1.jsonl", first.substr(0, first.size() / 2));
    JournalFiles cut(directory.path());
    CPPUNIT_ASSERT(cut.position().seq < 10'000 && cut.position().seq > 4'000);
    CPPUNIT_ASSERT(!std::filesystem::exists(directory.path() / "10001.jsonl"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ClerkJournalFilesTest);
