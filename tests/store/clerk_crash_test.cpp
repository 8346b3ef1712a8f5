// SPDX-License-Identifier: MIT
// The real wharf-clerk, killed at every failpoint and at random moments: what it leaves, continued, is what a
// rebuild from nothing gives, byte for byte.
#include <cppunit/extensions/HelperMacros.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <set>
#include <thread>

#include "libwharf/base/text.hpp"
#include "libwharf/json/value.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/search/searcher.hpp"
#include "tests/support/clerk_world.hpp"
#include "tests/support/skip.hpp"

using namespace wharf;
using test::Child;
using test::ClerkWorld;

namespace {

// Those on the way of a batch, and those on the way of a rebuild.
const std::set<std::string> k_batch = {"clerk.before_position",
                                       "clerk.after_position",
                                       "clerk.before_blob_mode",
                                       "clerk.after_blob_mode",
                                       "clerk.before_tarball_link",
                                       "clerk.before_documents_sync",
                                       "clerk.before_document_rename",
                                       "clerk.after_document_rename",
                                       "clerk.before_tarball_unlink",
                                       "clerk.after_tarball_unlink",
                                       "clerk.before_directories_sync",
                                       "clerk.after_directories_sync",
                                       "clerk.before_journal_append",
                                       "clerk.within_journal_append",
                                       "clerk.before_journal_sync",
                                       "clerk.after_journal_append",
                                       "clerk.after_show",
                                       "clerk.before_whole_index_rename",
                                       "clerk.within_whole_index_rename",
                                       "clerk.after_whole_index_rename"};
const std::set<std::string> k_batch_of_another_user = {
    "clerk.before_blob_copy_sync", "clerk.before_blob_copy_rename", "clerk.after_blob_copy_rename"};
const std::set<std::string> k_rebuild = {
    "clerk.after_rebuild_position", "clerk.within_rebuild",  "clerk.before_stamp_rename",
    "clerk.after_stamp_rename",     "clerk.before_exchange", "clerk.within_exchange",
    "clerk.before_exchange_stamp",  "clerk.after_exchange",  "clerk.after_old_tree"};
// Those of the search index.
const std::set<std::string> k_search = {"search.before_commit"};
const std::set<std::string> k_search_rebuild = {"search.within_rebuild", "search.before_show",
                                                "search.within_show", "search.after_show"};

}  // namespace

class ClerkCrashTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClerkCrashTest);
  CPPUNIT_TEST(goes_on_after_a_kill_at_every_failpoint);
  CPPUNIT_TEST(goes_on_after_an_error_at_every_failpoint);
  CPPUNIT_TEST(goes_on_after_kills_at_random_moments);
  CPPUNIT_TEST(outlives_the_database);
  CPPUNIT_TEST(ends_on_sigterm_and_refuses_a_second_one);
  CPPUNIT_TEST(says_what_is_wrong_with_its_command_line);
  CPPUNIT_TEST_SUITE_END();

  struct Run {
    ClerkWorld world;
    Path program;
    Path log;
    int next = 0;
    Run() : program(test::clerk_program().value_or("")), log(world.root() / "clerk.log") {
      world.blobs_of_another_user = ::geteuid() == 0;
    }

    std::vector<std::string> command(bool once) const {
      std::vector<std::string> words{program, "--config", world.config_file(), "--set", "log.level=debug"};
      if (once) words.emplace_back("--once");
      return words;
    }
    int once(const std::map<std::string, std::string>& environment = {}) {
      return Child(command(true), environment, log).wait();
    }

    // Events that lead a batch past every one of its failpoints.
    void feed() {
      const std::string n = std::to_string(++next);
      world.publish("alpha", "1.0." + n, "alpha " + n);
      world.publish("beta", "1.0." + n, "beta " + n);
      world.blobs_of_another_user = false;
      world.publish("own", "1.0." + n, "own " + n);
      world.blobs_of_another_user = ::geteuid() == 0;
      world.publish("new-" + n, "1.0.0", "new " + n);
      world.yank("alpha", "1.0." + n, "no " + n);
      world.publish("held", "1.0." + n, "held " + n);
      world.quarantine("held", "looked into " + n);
      if (next % 2 == 0) world.release("held");
      if (next > 1) {
        world.remove("beta", "1.0." + std::to_string(next - 1));
        world.remove("new-" + std::to_string(next - 1), "1.0.0");
      }
    }

    // What is shown is whole: every entry of every document has its tarball with the bytes that it promises.
    void assert_whole(const std::string& where) {
      // Between two exchanges the old index may still name a version that was removed; a rebuild follows.
      if (where == "clerk.within_exchange") return;
      for (const auto& file : std::filesystem::directory_iterator(world.public_tree() / "index")) {
        if (file.path().extension() != ".json") continue;
        const auto document = json::parse(*read_file(file.path()));
        const std::string name(document.root()["name"].string().value_or(""));
        document.root()["versions"].each([&](json::Value entry) {
          const std::string version(entry["version"].string().value_or(""));
          const auto bytes = read_file(world.public_tree() / "tarballs" / name / (version + ".tar.gz"));
          CPPUNIT_ASSERT_MESSAGE(where + ": no tarball of " + name + " " + version, bytes.has_value());
          CPPUNIT_ASSERT_EQUAL_MESSAGE(where, std::string(entry["checksum"].string().value_or("")),
                                       world.blob(*bytes).filename().native());
        });
      }
    }

    // The search index stands where the journal does, and finds what the tree shows.
    void assert_searchable(const std::string& where) {
      search::Searcher searcher(world.root() / "search");
      store::Connection connection(world.connection_settings());
      CPPUNIT_ASSERT_EQUAL_MESSAGE(where, store::journal_end(connection).seq, searcher.standing().seq);
      std::vector<std::string> shown;
      for (const auto& name : PublicTree(world.public_tree()).document_names())
        if (!IndexDocument::from_json(*read_file(world.public_tree() / "index" / (name + ".json")))
                 .versions()
                 .empty())
          shown.push_back(name);
      CPPUNIT_ASSERT_MESSAGE(where, shown == searcher.names("", 1000));
      search::Request request;
      request.text = "name:new";
      request.limit = 100;
      CPPUNIT_ASSERT_EQUAL_MESSAGE(where, std::size_t{1}, searcher.search(request).hits.size());
    }
  };

  static std::set<std::string> all_failpoints() {
    auto all = k_batch;
    all.insert(k_rebuild.begin(), k_rebuild.end());
    if (::geteuid() == 0) all.insert(k_batch_of_another_user.begin(), k_batch_of_another_user.end());
    return all;
  }

  // Makes the next run pass the failpoint.
  static void prepare(Run& run, const std::string& failpoint) {
    run.feed();
    if (k_search_rebuild.contains(failpoint)) remove_file(run.world.root() / "search/current");
    if (k_rebuild.contains(failpoint)) remove_file(run.world.public_tree() / ".clerk");
  }

 public:
  void goes_on_after_a_kill_at_every_failpoint() {
    if (!test::clerk_program()) return test::skip("wharf-clerk was not built");
    Run run;
    // Which there are is what a run notes; a new one that stands in no list here would never be tried.
    const Path noted = run.world.root() / "failpoints";
    run.feed();
    CPPUNIT_ASSERT_EQUAL(0, run.once({{"WHARF_FAILPOINT_LOG", noted}}));
    run.feed();
    CPPUNIT_ASSERT_EQUAL(0, run.once({{"WHARF_FAILPOINT_LOG", noted}}));
    auto known = all_failpoints();
    known.insert(k_search.begin(), k_search.end());
    known.insert(k_search_rebuild.begin(), k_search_rebuild.end());
    std::set<std::string> seen;
    const auto text = *read_file(noted);
    for (const auto name : split(text, '\n'))
      if (!name.empty()) seen.emplace(name);
    for (const auto& name : seen)
      CPPUNIT_ASSERT_MESSAGE("not in this test's lists: " + name, known.contains(name));
    for (const auto& name : known) {
      prepare(run, name);
      const int status = run.once({{"WHARF_FAILPOINT", name}});
      CPPUNIT_ASSERT_MESSAGE("never reached: " + name, WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
      run.assert_whole(name);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 0, run.once());
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string(),
                                   test::difference(run.world.tree(), run.world.rebuilt_tree()));
      run.assert_searchable(name);
    }
  }

  // A failing disk: the clerk says so, goes on by itself, and is not a step further than it should be.
  void goes_on_after_an_error_at_every_failpoint() {
    if (!test::clerk_program()) return test::skip("wharf-clerk was not built");
    Run run;
    run.feed();
    CPPUNIT_ASSERT_EQUAL(0, run.once());
    for (const auto& name : all_failpoints()) {
      prepare(run, name);
      const int status = run.once({{"WHARF_FAILPOINT", name + ":error"}});
      CPPUNIT_ASSERT_MESSAGE(name, WIFEXITED(status) && WEXITSTATUS(status) == 1);
      run.assert_whole(name);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 0, run.once());
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string(),
                                   test::difference(run.world.tree(), run.world.rebuilt_tree()));
    }
  }

  void goes_on_after_kills_at_random_moments() {
    if (!test::clerk_program()) return test::skip("wharf-clerk was not built");
    Run run;
    std::mt19937 random(20260131);
    std::uniform_int_distribution<int> microseconds(0, 60'000);
    for (int round = 0; round < 40; ++round) {
      Child clerk(run.command(false), {}, run.log);
      // The moment counts from the clerk's start in some rounds, in the others from its first sign of life.
      if (round % 2 == 0) {
        VisibilityReader reader(run.world.settings().visibility, run.world.root() / "run/clerk.sock");
        const auto seq = run.world.yank("alpha", "1.0.0", std::to_string(round));
        test::eventually([&] { return reader.wait_until_visible(seq, std::chrono::milliseconds(100)); });
      }
      const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(microseconds(random));
      do run.feed();
      while (std::chrono::steady_clock::now() < end);
      clerk.signal(SIGKILL);
      clerk.wait();
      if (std::filesystem::exists(run.world.public_tree() / "index"))
        run.assert_whole("round " + std::to_string(round));
    }
    CPPUNIT_ASSERT_EQUAL(0, run.once());
    CPPUNIT_ASSERT_EQUAL(std::string(), test::difference(run.world.tree(), run.world.rebuilt_tree()));
  }

  void outlives_the_database() {
    if (!test::clerk_program()) return test::skip("wharf-clerk was not built");
    auto& server = test::Server::instance();
    if (!server.is_ours()) return test::skip("the server is not ours to kill");
    Run run;
    Child clerk(run.command(false), {}, run.log);
    VisibilityReader reader(run.world.settings().visibility, run.world.root() / "run/clerk.sock");
    const auto visible = [&](std::uint64_t seq) {
      return test::eventually([&] { return reader.wait_until_visible(seq, std::chrono::milliseconds(200)); });
    };
    CPPUNIT_ASSERT(visible(run.world.publish("alpha", "1.0.0", "one")));
    server.kill_hard();
    CPPUNIT_ASSERT(test::eventually(
        [&] { return read_file(run.log).value_or("").find("cannot go on") != std::string::npos; }));
    CPPUNIT_ASSERT(clerk.running());
    CPPUNIT_ASSERT_EQUAL(std::string("one"),
                         *read_file(run.world.public_tree() / "tarballs/alpha/1.0.0.tar.gz"));
    server.start();
    CPPUNIT_ASSERT(visible(run.world.publish("alpha", "1.0.1", "two")));
    clerk.signal(SIGTERM);
    CPPUNIT_ASSERT_EQUAL(0, clerk.wait());
    CPPUNIT_ASSERT_EQUAL(0, run.once());
    CPPUNIT_ASSERT_EQUAL(std::string(), test::difference(run.world.tree(), run.world.rebuilt_tree()));
  }

  void ends_on_sigterm_and_refuses_a_second_one() {
    if (!test::clerk_program()) return test::skip("wharf-clerk was not built");
    Run run;
    const auto seq = run.world.publish("alpha", "1.0.0", "one");
    Child clerk(run.command(false), {}, run.log);
    VisibilityReader reader(run.world.settings().visibility, run.world.root() / "run/clerk.sock");
    CPPUNIT_ASSERT(
        test::eventually([&] { return reader.wait_until_visible(seq, std::chrono::milliseconds(100)); }));
    const Path other_log = run.world.root() / "second.log";
    const int status = Child(run.command(true), {}, other_log).wait();
    CPPUNIT_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    CPPUNIT_ASSERT(read_file(other_log)->find("is being written by process") != std::string::npos);
    clerk.signal(SIGTERM);
    const int ended = clerk.wait();
    CPPUNIT_ASSERT(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    CPPUNIT_ASSERT(!std::filesystem::exists(run.world.root() / "run/clerk.sock"));
  }

  void says_what_is_wrong_with_its_command_line() {
    if (!test::clerk_program()) return test::skip("wharf-clerk was not built");
    Run run;
    const auto exit_code = [&](std::vector<std::string> words) {
      words.insert(words.begin(), run.program);
      const int status = Child(words, {}, run.log).wait();
      return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    };
    CPPUNIT_ASSERT_EQUAL(0, exit_code({"--help"}));
    CPPUNIT_ASSERT_EQUAL(0, exit_code({"--version"}));
    CPPUNIT_ASSERT_EQUAL(2, exit_code({"--onse"}));
    CPPUNIT_ASSERT_EQUAL(2, exit_code({"--config"}));
    CPPUNIT_ASSERT_EQUAL(2, exit_code({"--set", "no-equals"}));
    CPPUNIT_ASSERT_EQUAL(1, exit_code({"--config", "/nonexistent/wharf.conf"}));
    const auto said = *read_file(run.log);
    CPPUNIT_ASSERT(said.find("Examples:") != std::string::npos);
    CPPUNIT_ASSERT(said.find("unknown option '--onse'") != std::string::npos);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ClerkCrashTest);
