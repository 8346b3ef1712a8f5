// SPDX-License-Identifier: MIT
// What a killed program, or two at once, leave behind.
#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <random>
#include <set>
#include <thread>

#include "client/install/pending.hpp"
#include "tests/unit/client/install/packages.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

class ClientInterruptionTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientInterruptionTest);
  CPPUNIT_TEST(a_kill_at_any_moment_leaves_old_or_new);
  CPPUNIT_TEST(two_programs_do_not_harm_each_other);
  CPPUNIT_TEST(two_programs_share_a_directory);
  CPPUNIT_TEST(says_that_it_waits);
  CPPUNIT_TEST(leaves_a_file_that_was_changed_after_the_kill);
  CPPUNIT_TEST(goes_back_where_the_tree_was_only_taken_away);
  CPPUNIT_TEST(does_not_disturb_a_program_at_work);
  CPPUNIT_TEST(ends_a_change_of_files_alone);
  CPPUNIT_TEST(passes_over_a_record_that_cannot_be_read);
  CPPUNIT_TEST_SUITE_END();

  std::unique_ptr<Workshop> shop_;
  Profile profile_;

  Path tree() const { return shop_->root() / "wharf_packages"; }
  Path lock_file() const { return shop_->root() / "wharf.lock"; }
  Path manifest() const { return shop_->root() / "wharf.toml"; }

  struct State {
    std::string name;
    std::vector<ToInstall> packages;
  };
  void install(const State& state) const {
    InstallOptions options;
    options.files = {{manifest(), "manifest " + state.name}, {lock_file(), "lock " + state.name}};
    put_in_place(profile_, shop_->root(), state.packages, options);
  }
  // A set of many small files, so that there are many moments.
  State state(const std::string& name, int from, int to) const {
    State out{name, {}};
    for (int i = from; i < to; ++i) {
      std::vector<ArchiveMember> files;
      for (int j = 0; j < 8; ++j) files.push_back({.path = "data/" + std::to_string(j), .content = name});
      out.packages.push_back(
          shop_->package("p" + std::to_string(i), "1.0." + std::to_string(name.size()), files));
    }
    return out;
  }
  template <class Work>
  static pid_t in_child(Work work) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    try {
      work();
      ::_exit(0);
    } catch (...) {
      ::_exit(9);
    }
  }
  static int end_of(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
  }
  // Which of the two it is; it must be one of them, whole.
  std::string standing(const State& one, const State& other) const {
    for (const State* state : {&one, &other}) {
      if (read_file(lock_file()) != "lock " + state->name) continue;
      CPPUNIT_ASSERT_EQUAL("manifest " + state->name, read_file(manifest()).value_or(""));
      CPPUNIT_ASSERT_EQUAL(std::string(),
                           sentences(verify_installed(profile_, shop_->root(), lock_of(state->packages))));
      return state->name;
    }
    CPPUNIT_FAIL("the lock is of neither: " + read_file(lock_file()).value_or("missing"));
    return {};
  }

 public:
  void setUp() override {
    shop_ = std::make_unique<Workshop>();
    profile_ = find_profile("wharf");
  }
  void tearDown() override { shop_.reset(); }

  void a_kill_at_any_moment_leaves_old_or_new() {
    const State one = state("one", 0, 6), other = state("other", 3, 9);
    install(one);
    put(tree() / "mine/notes.txt", "mine");
    const auto begin = std::chrono::steady_clock::now();
    install(other);
    const auto whole =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
    std::mt19937 random(1);
    std::uniform_int_distribution<long> moments(0, whole.count() * 5 / 4);
    std::set<std::string> seen;
    std::string now = "other";
    int ended = 0;
    for (int i = 0; i < 60; ++i) {
      const State& next = now == "one" ? other : one;
      if (i % 3 == 0) std::filesystem::remove_all(unpacked_directory(profile_));
      const pid_t child = in_child([&] { install(next); });
      std::this_thread::sleep_for(std::chrono::microseconds(moments(random)));
      ::kill(child, SIGKILL);
      ended += !WIFSIGNALED(end_of(child));
      finish_interrupted(profile_, shop_->root());
      now = standing(one, other);
      seen.insert(now);
      CPPUNIT_ASSERT_EQUAL(std::string("mine"), read_file(tree() / "mine/notes.txt").value_or("gone"));
      CPPUNIT_ASSERT(!std::filesystem::exists(shop_->root() / ".wharf_packages.new"));
      CPPUNIT_ASSERT(!finish_interrupted(profile_, shop_->root()));
    }
    CPPUNIT_ASSERT_MESSAGE("every kill came too late", ended < 60);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("both were seen", std::size_t{2}, seen.size());
  }

  void two_programs_do_not_harm_each_other() {
    const State one = state("one", 0, 5), other = state("other", 2, 7);
    for (int i = 0; i < 10; ++i) {
      if (i % 2 == 0) std::filesystem::remove_all(unpacked_directory(profile_));
      const pid_t first = in_child([&] { install(one); }), second = in_child([&] { install(other); });
      CPPUNIT_ASSERT_EQUAL(0, end_of(first));
      CPPUNIT_ASSERT_EQUAL(0, end_of(second));
      standing(one, other);
    }
  }

  void two_programs_share_a_directory() {
    profile_ = find_profile("vais");
    const State one = state("one", 0, 8);
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i)
      children.push_back(in_child([&, i] {
        const Path root = shop_->root() / std::to_string(i);
        std::filesystem::create_directories(root);
        put_in_place(profile_, root, one.packages);
      }));
    for (const auto child : children) CPPUNIT_ASSERT_EQUAL(0, end_of(child));
    CPPUNIT_ASSERT_EQUAL(std::string(),
                         sentences(verify_installed(profile_, shop_->root(), lock_of(one.packages))));
    CPPUNIT_ASSERT(!std::filesystem::exists(shop_->home() / ".vais/registry/cache/.wharf/aside"));
  }

  void says_that_it_waits() {
    int ready[2];
    CPPUNIT_ASSERT_EQUAL(0, ::pipe(ready));
    const pid_t holder = in_child([&] {
      const ProjectClaim claim(shop_->root());
      CPPUNIT_ASSERT(::write(ready[1], "x", 1) == 1);
      ::pause();
    });
    char byte;
    CPPUNIT_ASSERT(::read(ready[0], &byte, 1) == 1);
    CPPUNIT_ASSERT(!ProjectClaim::if_free(shop_->root()));
    std::string said;
    std::thread([&] {
      const ProjectClaim claim(shop_->root(), [&](const std::string& text) {
        said = text;
        ::kill(holder, SIGKILL);
      });
    }).join();
    end_of(holder);
    ::close(ready[0]);
    ::close(ready[1]);
    CPPUNIT_ASSERT_EQUAL("waiting for another program that changes '" + shop_->root().native() + "'", said);
    // Claims of one program share one lock, which goes with the last of them.
    auto first = std::make_unique<ProjectClaim>(shop_->root());
    const ProjectClaim second(shop_->root() / ".");
    first.reset();
    CPPUNIT_ASSERT_EQUAL(1 << 8, end_of(in_child([&] {
                           const Fd fd = open_file(shop_->root(), O_RDONLY);
                           ::_exit(::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 ? 0 : 1);
                         })));
  }

  void leaves_a_file_that_was_changed_after_the_kill() {
    const State one = state("one", 0, 2), other = state("other", 0, 2);
    install(one);
    const pid_t child = in_child([&] {
      InstallOptions options;
      options.files = {{manifest(), "manifest other"}, {lock_file(), "lock other"}};
      // Where the tree is exchanged and nothing else is done yet.
      options.say = [](const std::string&) {};
      put_in_place(profile_, shop_->root(), other.packages, options);
    });
    CPPUNIT_ASSERT_EQUAL(0, end_of(child));
    // As a kill between the two would leave it.
    put(manifest(), "edited since");
    put(lock_file(), "lock one");
    put(tree() / ".wharf/pending.json",
        "{\"format\":1,\"files\":[{\"to\":\"wharf.toml\",\"was\":\"" + to_hex(sha256("manifest one")) +
            "\",\"text\":\"manifest other\"},{\"to\":\"wharf.lock\",\"was\":\"" + to_hex(sha256("lock one")) +
            "\",\"text\":\"lock other\"},{\"to\":\"../escaped\",\"was\":\"\",\"text\":\"x\"}]}");
    std::string said;
    CPPUNIT_ASSERT(
        finish_interrupted(profile_, shop_->root(), [&](const std::string& text) { said += text + "\n"; }));
    CPPUNIT_ASSERT_EQUAL(std::string("edited since"), *read_file(manifest()));
    CPPUNIT_ASSERT_EQUAL(std::string("lock other"), *read_file(lock_file()));
    CPPUNIT_ASSERT(!std::filesystem::exists(shop_->root() / "../escaped"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("ending what an interrupted command began\n'wharf.toml' was changed while packages "
                    "were put in place, and is left as it is\n"),
        said);
  }

  void goes_back_where_the_tree_was_only_taken_away() {
    const State one = state("one", 0, 2);
    install(one);
    std::filesystem::rename(tree(), shop_->root() / ".wharf_packages.old");
    std::filesystem::create_directories(shop_->root() / ".wharf_packages.new/half");
    CPPUNIT_ASSERT(finish_interrupted(profile_, shop_->root()));
    CPPUNIT_ASSERT_EQUAL(std::string("one"), standing(one, one));
    CPPUNIT_ASSERT(!std::filesystem::exists(shop_->root() / ".wharf_packages.new"));
  }

  void does_not_disturb_a_program_at_work() {
    std::filesystem::create_directories(shop_->root() / ".wharf_packages.new/half");
    int ready[2];
    CPPUNIT_ASSERT_EQUAL(0, ::pipe(ready));
    const pid_t holder = in_child([&] {
      const ProjectClaim claim(shop_->root());
      CPPUNIT_ASSERT(::write(ready[1], "x", 1) == 1);
      ::pause();
    });
    char byte;
    CPPUNIT_ASSERT(::read(ready[0], &byte, 1) == 1);
    CPPUNIT_ASSERT(!finish_interrupted(profile_, shop_->root()));
    CPPUNIT_ASSERT(std::filesystem::exists(shop_->root() / ".wharf_packages.new/half"));
    ::kill(holder, SIGKILL);
    end_of(holder);
    ::close(ready[0]);
    ::close(ready[1]);
    CPPUNIT_ASSERT(finish_interrupted(profile_, shop_->root()));
  }

  void ends_a_change_of_files_alone() {
    for (const std::string name : {"wharf", "vais"}) {
      profile_ = find_profile(name);
      const Path own = shop_->root() / profile_.manifest_file, lock = shop_->root() / profile_.lock_file;
      put(own, "one");
      put(lock, "one");
      const std::vector<FileChange> files = {{own, "two"}, {lock, "two"}};
      write_pending(pending_in_project(shop_->root()), shop_->root(), files);
      put(own, "two");  // and killed before the next
      CPPUNIT_ASSERT(finish_interrupted(profile_, shop_->root()));
      CPPUNIT_ASSERT_EQUAL(std::string("two"), *read_file(own));
      CPPUNIT_ASSERT_EQUAL(std::string("two"), *read_file(lock));
      CPPUNIT_ASSERT(!std::filesystem::exists(pending_in_project(shop_->root())));
      InstallOptions options;
      options.files = {{own, "three"}, {lock, "three"}};
      put_in_place(profile_, shop_->root(), {}, options);
      CPPUNIT_ASSERT_EQUAL(std::string("three"), *read_file(lock));
      CPPUNIT_ASSERT(!finish_interrupted(profile_, shop_->root()));
    }
  }

  void passes_over_a_record_that_cannot_be_read() {
    const State one = state("one", 0, 2);
    install(one);
    put(tree() / ".wharf/pending.json", "");
    put(pending_in_project(shop_->root()), "{\"files\":");
    CPPUNIT_ASSERT(finish_interrupted(profile_, shop_->root()));
    CPPUNIT_ASSERT(!finish_interrupted(profile_, shop_->root()));
    CPPUNIT_ASSERT_EQUAL(std::string("one"), standing(one, one));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientInterruptionTest);
