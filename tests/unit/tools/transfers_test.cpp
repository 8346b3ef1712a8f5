// SPDX-License-Identifier: MIT
// What is said of uploads and downloads where no terminal is, and how sizes are written.
#include "libwharf/command/transfers.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <unistd.h>

#include "libwharf/base/file.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/output.hpp"

using namespace wharf;
using namespace wharf::command;

namespace {

// What is written to standard error meanwhile.
template <class Do>
std::string said(Do work) {
  std::fflush(stderr);
  const Path file = "/tmp/wharf-said-" + std::to_string(::getpid());
  const Fd before(::dup(STDERR_FILENO));
  {
    const Fd out = open_file(file, O_RDWR | O_CREAT | O_TRUNC);
    ::dup2(out.get(), STDERR_FILENO);
  }
  work();
  std::fflush(stderr);
  ::dup2(before.get(), STDERR_FILENO);
  const auto text = read_file(file).value_or("");
  remove_file(file);
  return text;
}

}  // namespace

class TransfersTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TransfersTest);
  CPPUNIT_TEST(says_a_plain_line_for_each_that_ends);
  CPPUNIT_TEST(says_nothing_when_quiet);
  CPPUNIT_TEST(says_messages_as_loudly_as_is_wanted);
  CPPUNIT_TEST(writes_sizes_for_people);
  CPPUNIT_TEST_SUITE_END();

 public:
  void tearDown() override { set_verbosity(Verbosity::normal); }

  static void transfer() {
    Transfers transfers;
    transfers.expect(3);
    const auto small = transfers.begin("small", 1200), bad = transfers.begin("bad\x1b[31m", 7);
    const auto large = transfers.begin("large", 2'500'000);
    transfers.at(small, 600);
    transfers.at(small, 1200);
    transfers.end(small);
    transfers.end(bad, "failed");
    transfers.end(bad, "failed again");
    transfers.at(large, 5);
    transfers.end(large, "was there");
  }

  void says_a_plain_line_for_each_that_ends() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("large (2.5 MB) …\nsmall: downloaded, 1.2 kB\nbad?[31m: failed\nlarge: was there\n"),
        said(transfer));
  }

  void says_nothing_when_quiet() {
    set_verbosity(Verbosity::quiet);
    CPPUNIT_ASSERT_EQUAL(std::string(), said(transfer));
  }

  void says_messages_as_loudly_as_is_wanted() {
    const auto all = [] {
      note("note");
      detail("detail");
      warn("danger");
    };
    CPPUNIT_ASSERT_EQUAL(std::string("note\nwarning: danger\n"), said(all));
    set_verbosity(Verbosity::quiet);
    CPPUNIT_ASSERT_EQUAL(std::string("warning: danger\n"), said(all));
    set_verbosity(Verbosity::verbose);
    CPPUNIT_ASSERT_EQUAL(std::string("note\ndetail\nwarning: danger\n"), said(all));
  }

  void writes_sizes_for_people() {
    const std::pair<std::uint64_t, const char*> cases[] = {{0, "0 B"},
                                                           {999, "999 B"},
                                                           {1000, "1.0 kB"},
                                                           {1234567, "1.2 MB"},
                                                           {999'949, "999.9 kB"},
                                                           {999'950, "1.0 MB"},
                                                           {5'000'000'000, "5.0 GB"},
                                                           {7'000'000'000'000'000, "7000.0 TB"}};
    for (const auto& [bytes, text] : cases) CPPUNIT_ASSERT_EQUAL(std::string(text), size_text(bytes));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TransfersTest);
