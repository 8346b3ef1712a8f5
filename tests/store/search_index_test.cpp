// SPDX-License-Identifier: MIT
// The search index as a projection of the journal.
#include <cppunit/extensions/HelperMacros.h>

#include "registry/search/index_follower.hpp"
#include "registry/search/searcher.hpp"
#include "tests/support/clerk_world.hpp"

using namespace wharf;
using search::IndexWriter, search::Searcher;

class SearchIndexTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SearchIndexTest);
  CPPUNIT_TEST(is_the_same_however_often_and_in_whatever_pieces_events_come);
  CPPUNIT_TEST(forgets_what_is_quarantined_and_finds_it_again_when_it_is_released);
  CPPUNIT_TEST(goes_on_from_where_it_was_closed);
  CPPUNIT_TEST(is_made_anew_for_another_journal);
  CPPUNIT_TEST(answers_while_it_is_made_anew);
  CPPUNIT_TEST(counts_exactly_up_to_a_thousand);
  CPPUNIT_TEST_SUITE_END();

  static std::string body_of(const std::string& description) {
    return R"({"metadata":{"authors":[],"categories":[],"description":")" + description +
           R"(","documentation":null,"homepage":null,"keywords":[],"license":null,"repository":null},"owners":[]})";
  }

  struct World : test::ClerkWorld {
    Path directory = root() / "search";
    std::vector<store::JournalEvent> events() {
      return *store::events_after(database().connection(), {}, 100'000, 1u << 30);
    }
    void append(const std::string& action, const std::string& package, std::optional<std::string> version) {
      store::JournalEvent event;
      event.at = now();
      event.action = action;
      event.package = package;
      event.version = std::move(version);
      event.actor = "ada";
      event.body = body_of("");
      database().transaction([&](store::Connection& c) { store::append_event(c, event); });
    }
  };

  static std::vector<std::string> found(Searcher& searcher, const std::string& text,
                                        search::Sort sort = search::Sort::relevance) {
    search::Request request;
    request.text = text;
    request.sort = sort;
    request.limit = 100;
    std::vector<std::string> names;
    for (const auto& hit : searcher.search(request).hits) names.push_back(hit.name);
    return names;
  }

 public:
  void is_the_same_however_often_and_in_whatever_pieces_events_come() {
    World world;
    for (int i = 0; i < 12; ++i) {
      world.publish("kit-" + std::to_string(i % 5), "1.0." + std::to_string(i), std::to_string(i));
      if (i % 3 == 0) world.yank("kit-" + std::to_string(i % 5), "1.0." + std::to_string(i), "no");
    }
    world.remove("kit-4", "1.0.4");
    world.remove("kit-4", "1.0.9");
    auto& connection = world.database().connection();
    const auto events = world.events();
    std::vector<std::vector<std::string>> answers;
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4}, events.size(), std::size_t{0}}) {
      const Path directory = world.root() / ("search-" + std::to_string(piece));
      IndexWriter writer(directory);
      if (piece == 0) {
        CPPUNIT_ASSERT(writer.rebuild(connection, store::journal_end(connection), [] { return false; }));
      } else {
        CPPUNIT_ASSERT(!writer.open());
        writer.rebuild(connection, {}, [] { return false; });
        for (std::size_t at = 0; at < events.size(); at += piece) {
          const std::vector<store::JournalEvent> part(
              events.begin() + static_cast<std::ptrdiff_t>(at),
              events.begin() + static_cast<std::ptrdiff_t>(std::min(at + piece, events.size())));
          writer.apply(connection, part);
          writer.apply(connection, part);
        }
      }
      CPPUNIT_ASSERT_EQUAL(events.back().seq, writer.position().seq);
      Searcher searcher(directory);
      auto answer = found(searcher, "kit");
      for (const auto& name : found(searcher, "name:kit*", search::Sort::recent)) answer.push_back(name);
      for (const auto& name : searcher.names("", 100)) answer.push_back(name);
      CPPUNIT_ASSERT_EQUAL(std::size_t{12}, answer.size());
      answers.push_back(std::move(answer));
    }
    for (const auto& answer : answers) CPPUNIT_ASSERT(answer == answers.front());
  }

  void forgets_what_is_quarantined_and_finds_it_again_when_it_is_released() {
    World world;
    world.publish("mallow", "1.0.0", "a");
    world.publish("mallow", "1.1.0", "b");
    auto& connection = world.database().connection();
    IndexWriter writer(world.directory);
    writer.rebuild(connection, {}, [] { return false; });
    Searcher searcher(world.directory);
    const auto is_found_after = [&](const char* action, std::optional<std::string> version) {
      if (*action) world.append(action, "mallow", std::move(version));
      writer.apply(connection, world.events());
      const auto names = found(searcher, "mallow");
      CPPUNIT_ASSERT(names == searcher.names("", 10));
      return names.size() == 1;
    };
    CPPUNIT_ASSERT(is_found_after("", {}));
    CPPUNIT_ASSERT(!is_found_after("quarantine", {}));
    CPPUNIT_ASSERT(!is_found_after("owner-add", {}));
    CPPUNIT_ASSERT(is_found_after("release", {}));
    CPPUNIT_ASSERT(is_found_after("quarantine", "1.0.0"));
    CPPUNIT_ASSERT(!is_found_after("quarantine", "1.1.0"));
    CPPUNIT_ASSERT(is_found_after("release", "1.0.0"));
    CPPUNIT_ASSERT(!is_found_after("remove", "1.0.0"));
  }

  void goes_on_from_where_it_was_closed() {
    World world;
    world.publish("alder", "1.0.0", "a");
    auto& connection = world.database().connection();
    {
      IndexWriter writer(world.directory);
      writer.rebuild(connection, store::journal_end(connection), [] { return false; });
      CPPUNIT_ASSERT(std::filesystem::exists(world.directory / ".open"));
    }
    CPPUNIT_ASSERT_MESSAGE("durable once it is closed", !std::filesystem::exists(world.directory / ".open"));
    IndexWriter writer(world.directory);
    CPPUNIT_ASSERT(writer.open());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, writer.position().seq);
    writer.close();
    write_file_durably(world.directory / ".open", "another boot\n");
    CPPUNIT_ASSERT(!writer.open());
    CPPUNIT_ASSERT(!std::filesystem::exists(world.directory / "current"));
  }

  void is_made_anew_for_another_journal() {
    World world;
    world.publish("alder", "1.0.0", "a");
    world.publish("birch", "1.0.0", "b");
    auto& connection = world.database().connection();
    const auto follow = [&] {
      search::IndexFollower follower({.directory = world.directory, .database = world.connection_settings()});
      follower.follow_to(store::journal_end(connection), true);
      follower.settle();
    };
    follow();
    Searcher searcher(world.directory);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found(searcher, "birch").size());
    world.rewind(1);
    world.publish("cedar", "1.0.0", "c");
    follow();
    CPPUNIT_ASSERT(found(searcher, "birch").empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found(searcher, "cedar").size());
  }

  void answers_while_it_is_made_anew() {
    World world;
    for (int i = 0; i < 5; ++i) world.publish("elder-" + std::to_string(i), "1.0.0", std::to_string(i));
    auto& connection = world.database().connection();
    IndexWriter writer(world.directory);
    const auto end = store::journal_end(connection);
    writer.rebuild(connection, end, [] { return false; });
    Searcher searcher(world.directory);
    int asked = 0;
    writer.rebuild(connection, end, [&] {
      ++asked;
      CPPUNIT_ASSERT_EQUAL(std::size_t{5}, found(searcher, "elder").size());
      return false;
    });
    CPPUNIT_ASSERT(asked > 0);
    CPPUNIT_ASSERT(!writer.rebuild(connection, end, [] { return true; }));
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, found(searcher, "elder").size());
    std::filesystem::remove_all(world.directory);
    Searcher another(world.directory);
    try {
      found(another, "elder");
      CPPUNIT_FAIL("there is nothing to search in");
    } catch (const Error& error) {
      CPPUNIT_ASSERT(error.code() == Code::unavailable);
      CPPUNIT_ASSERT(error.retry_after().has_value());
    }
  }

  void counts_exactly_up_to_a_thousand() {
    World world;
    const Time at = now();
    std::vector<store::JournalEvent> events;
    for (std::uint64_t i = 1; i <= 1200; ++i) {
      store::JournalEvent event;
      event.seq = i;
      event.at = at;
      event.action = "publish";
      event.package = "ivy-" + std::to_string(i);
      event.version = "1.0.0";
      event.body = body_of(i <= 1000 ? "green leaves" : "green");
      event.hash = "x";
      events.push_back(std::move(event));
    }
    auto& connection = world.database().connection();
    IndexWriter writer(world.directory);
    writer.rebuild(connection, {}, [] { return false; });
    writer.apply(connection, events);
    Searcher searcher(world.directory);
    search::Request request;
    request.text = "green leaves";
    for (const auto sort : {search::Sort::relevance, search::Sort::name, search::Sort::downloads}) {
      request.sort = sort;
      const auto page = searcher.search(request);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{1000}, page.total);
      CPPUNIT_ASSERT(!page.total_is_estimate);
    }
    request.text = "ivy green";
    const auto more = searcher.search(request);
    CPPUNIT_ASSERT(more.total > 1000 && more.total <= 1300);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SearchIndexTest);
