// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include <thread>

#include "libwharf/base/error.hpp"
#include "registry/projections/poke_socket.hpp"
#include "registry/projections/visibility.hpp"
#include "tests/support/clerk_world.hpp"

using namespace wharf;
using std::chrono::milliseconds;

class ClerkVisibilityTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClerkVisibilityTest);
  CPPUNIT_TEST(is_nothing_without_a_clerk);
  CPPUNIT_TEST(tells_what_is_visible_and_how_old_that_is);
  CPPUNIT_TEST(wakes_whoever_waits);
  CPPUNIT_TEST(gives_up_after_the_given_time);
  CPPUNIT_TEST(does_not_wait_for_a_clerk_that_went);
  CPPUNIT_TEST(follows_a_clerk_that_was_started_again);
  CPPUNIT_TEST(takes_no_file_of_another_form);
  CPPUNIT_TEST(pokes_wake_the_socket_and_never_block);
  CPPUNIT_TEST(refuses_a_socket_path_that_is_too_long);
  CPPUNIT_TEST_SUITE_END();

  using Clock = std::chrono::steady_clock;

 public:
  void is_nothing_without_a_clerk() {
    test::ScratchDirectory directory;
    VisibilityReader reader(directory.path() / "state", directory.path() / "sock");
    CPPUNIT_ASSERT(!reader.look());
    reader.poke();
    const auto start = Clock::now();
    CPPUNIT_ASSERT(!reader.wait_until_visible(1, milliseconds(5000)));
    CPPUNIT_ASSERT(Clock::now() - start < milliseconds(2000));
  }

  void tells_what_is_visible_and_how_old_that_is() {
    test::ScratchDirectory directory;
    VisibilityWriter writer(directory.path() / "state");
    VisibilityReader reader(directory.path() / "state", directory.path() / "sock");
    writer.show(41);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{41}, reader.look()->visible_seq);
    CPPUNIT_ASSERT(reader.wait_until_visible(41, milliseconds(0)));
    CPPUNIT_ASSERT(test::eventually([&] { return reader.look()->heartbeat_age >= milliseconds(20); }));
    const auto before = reader.look()->heartbeat_age;
    writer.heartbeat();
    CPPUNIT_ASSERT(reader.look()->heartbeat_age < before);
  }

  void wakes_whoever_waits() {
    test::ScratchDirectory directory;
    VisibilityWriter writer(directory.path() / "state");
    VisibilityReader reader(directory.path() / "state", directory.path() / "sock");
    PokeSocket socket(directory.path() / "sock");
    std::thread clerk([&] {
      socket.wait(milliseconds(10'000));  // the reader pokes
      writer.show(6);
      writer.show(7);
    });
    const bool seen = reader.wait_until_visible(7, milliseconds(10'000));
    clerk.join();
    CPPUNIT_ASSERT(seen);
  }

  void gives_up_after_the_given_time() {
    test::ScratchDirectory directory;
    VisibilityWriter writer(directory.path() / "state");
    VisibilityReader reader(directory.path() / "state", directory.path() / "sock");
    const auto start = Clock::now();
    CPPUNIT_ASSERT(!reader.wait_until_visible(1, milliseconds(30)));
    CPPUNIT_ASSERT(Clock::now() - start >= milliseconds(30));
  }

  void does_not_wait_for_a_clerk_that_went() {
    test::ScratchDirectory directory;
    VisibilityReader reader(directory.path() / "state", directory.path() / "sock");
    {
      VisibilityWriter writer(directory.path() / "state");
      writer.show(5);
    }
    CPPUNIT_ASSERT(reader.look()->heartbeat_age > std::chrono::hours(1));
    CPPUNIT_ASSERT(!reader.wait_until_visible(6, milliseconds(60'000)));
    CPPUNIT_ASSERT(reader.wait_until_visible(5, milliseconds(60'000)));
  }

  void follows_a_clerk_that_was_started_again() {
    test::ScratchDirectory directory;
    VisibilityReader reader(directory.path() / "state", directory.path() / "sock");
    auto writer = std::make_unique<VisibilityWriter>(directory.path() / "state");
    writer->show(9);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{9}, reader.look()->visible_seq);
    writer = std::make_unique<VisibilityWriter>(directory.path() / "state");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, reader.look()->visible_seq);
    writer->show(10);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{10}, reader.look()->visible_seq);
  }

  void takes_no_file_of_another_form() {
    test::ScratchDirectory directory;
    VisibilityReader reader(directory.path() / "state", directory.path() / "sock");
    write_file_durably(directory.path() / "state", "short");
    CPPUNIT_ASSERT(!reader.look());
    write_file_durably(directory.path() / "state", std::string(8192, 'x'));
    CPPUNIT_ASSERT(!reader.look());
  }

  void pokes_wake_the_socket_and_never_block() {
    test::ScratchDirectory directory;
    PokeSocket socket(directory.path() / "sock");
    VisibilityReader reader(directory.path() / "state", directory.path() / "sock");
    for (int i = 0; i < 1000; ++i) reader.poke();  // the queue holds far fewer
    const auto start = Clock::now();
    socket.wait(milliseconds(60'000));
    CPPUNIT_ASSERT(Clock::now() - start < milliseconds(30'000));
    socket.wait(milliseconds(1));  // all of them were taken
  }

  void refuses_a_socket_path_that_is_too_long() {
    try {
      PokeSocket("/tmp/" + std::string(200, 'x'));
      CPPUNIT_FAIL("expected a refusal");
    } catch (const Error& error) {
      CPPUNIT_ASSERT(error.public_message().find("clerk.socket") != std::string::npos);
    }
    VisibilityReader("/tmp/none", "/tmp/" + std::string(200, 'x')).poke();
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ClerkVisibilityTest);
