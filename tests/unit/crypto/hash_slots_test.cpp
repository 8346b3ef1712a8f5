// SPDX-License-Identifier: MIT
#include "libwharf/crypto/hash_slots.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <thread>

#include "libwharf/base/error.hpp"

using namespace wharf;
using namespace std::chrono_literals;

namespace {

// A child process that runs `body` and then waits to be killed; ready() returns when the body is through.
class Child {
 public:
  explicit Child(const std::function<void(const std::function<void()>& ready)>& body) {
    int ends[2];
    CPPUNIT_ASSERT(pipe(ends) == 0);
    pid_ = fork();
    CPPUNIT_ASSERT(pid_ >= 0);
    if (pid_ == 0) {
      body([&] { (void)!write(ends[1], "x", 1); });
      _exit(0);
    }
    close(ends[1]);
    output_ = Fd(ends[0]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { kill_and_wait(); }
  bool ready() const {
    char byte;
    return read(output_.get(), &byte, 1) == 1;
  }
  void kill_and_wait() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
  Fd output_;
};

}  // namespace

class HashSlotsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(HashSlotsTest);
  CPPUNIT_TEST(gives_out_as_many_as_there_are);
  CPPUNIT_TEST(waits_for_one_that_gets_free);
  CPPUNIT_TEST(a_killed_process_gives_its_slots_back);
  CPPUNIT_TEST(processes_never_hold_more_than_there_are);
  CPPUNIT_TEST(says_what_is_wrong_with_its_files);
  CPPUNIT_TEST_SUITE_END();

  Path directory_;

 public:
  void setUp() override {
    char name[] = "/tmp/wharf-slots-XXXXXX";
    CPPUNIT_ASSERT(mkdtemp(name));
    directory_ = name;
  }
  void tearDown() override { std::filesystem::remove_all(directory_); }

  void gives_out_as_many_as_there_are() {
    const HashSlots slots(directory_, 2);
    auto first = slots.try_acquire(0ms), second = slots.try_acquire(0ms);
    CPPUNIT_ASSERT(first && second);
    const auto begin = std::chrono::steady_clock::now();
    CPPUNIT_ASSERT(!slots.try_acquire(30ms));
    CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin >= 30ms);
    first.reset();
    auto third = slots.try_acquire(0ms);
    CPPUNIT_ASSERT(third && !slots.try_acquire(0ms));
    auto moved = std::move(*third);
    CPPUNIT_ASSERT(!slots.try_acquire(0ms));
  }
  void waits_for_one_that_gets_free() {
    const HashSlots slots(directory_, 1);
    auto held = slots.try_acquire(0ms);
    std::atomic<bool> waiting = false, got = false;
    std::thread waiter([&] {
      waiting = true;
      got = slots.try_acquire(30s).has_value();
    });
    while (!waiting) std::this_thread::yield();
    CPPUNIT_ASSERT(!got);
    held.reset();
    waiter.join();
    CPPUNIT_ASSERT(got);
  }
  void a_killed_process_gives_its_slots_back() {
    const HashSlots slots(directory_, 2);
    Child holder([&](const auto& ready) {
      const auto first = slots.try_acquire(0ms), second = slots.try_acquire(0ms);
      if (first && second) ready();
      for (;;) pause();
    });
    CPPUNIT_ASSERT(holder.ready());
    CPPUNIT_ASSERT(!slots.try_acquire(0ms));
    holder.kill_and_wait();
    const auto first = slots.try_acquire(0ms), second = slots.try_acquire(0ms);
    CPPUNIT_ASSERT(first && second);
  }
  void processes_never_hold_more_than_there_are() {
    struct Shared {
      std::atomic<int> holding = 0, most = 0, rounds = 0;
    };
    void* const memory =
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CPPUNIT_ASSERT(memory != MAP_FAILED);
    auto& shared = *new (memory) Shared;
    const HashSlots slots(directory_, 3);
    {
      const auto work = [&](const auto& ready) {
        for (int round = 0; round < 20; ++round) {
          const auto slot = slots.try_acquire(60s);
          const int now = ++shared.holding;
          for (int most = shared.most; most < now && !shared.most.compare_exchange_weak(most, now);) {
          }
          std::this_thread::yield();
          --shared.holding;
          if (slot) ++shared.rounds;
        }
        ready();
      };
      Child a(work), b(work), c(work), d(work), e(work), f(work);
      CPPUNIT_ASSERT(a.ready() && b.ready() && c.ready() && d.ready() && e.ready() && f.ready());
    }
    const int most = shared.most, rounds = shared.rounds;
    munmap(memory, sizeof(Shared));
    CPPUNIT_ASSERT(most >= 1 && most <= 3);
    CPPUNIT_ASSERT_EQUAL(6 * 20, rounds);
  }
  void says_what_is_wrong_with_its_files() {
    CPPUNIT_ASSERT_THROW(HashSlots(directory_, 0), Error);
    const HashSlots slots(directory_ / "missing", 1);
    CPPUNIT_ASSERT_THROW(slots.try_acquire(0ms), Error);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(HashSlotsTest);
