// SPDX-License-Identifier: MIT
#include "registry/importing/pg_dump.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>

#include "libwharf/base/error.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace wharf;
using namespace wharf::importing;

class PgDumpTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(PgDumpTest);
  CPPUNIT_TEST(lines_of_any_length_come_whole);
  CPPUNIT_TEST(a_line_that_never_ends_is_refused);
  CPPUNIT_TEST(what_is_not_wanted_may_be_as_long_as_it_likes);
  CPPUNIT_TEST_SUITE_END();

  test::ScratchDirectory directory_;
  static constexpr std::size_t k_too_long = (64u << 20) + 1;

  // The values of the table t, one a line; or what was said against the dump.
  std::string load(const std::string& text) {
    const Path file = directory_.path() / "dump.sql";
    std::ofstream(file, std::ios::binary) << text;
    Sqlite into = Sqlite::temporary();
    try {
      load_pg_dump(file, {"t"}, into);
    } catch (const Error& error) {
      return error.what();
    }
    std::string all;
    auto rows = into.prepare("SELECT a FROM t");
    while (rows.next()) all += rows.text(0) + "\n";
    return all;
  }
  static std::string copied(const std::string& table, const std::string& rows) {
    return "COPY public." + table + " (a) FROM stdin;\n" + rows + "\\.\n";
  }
  static std::string end() { return "-- PostgreSQL database dump complete\n"; }

 public:
  void lines_of_any_length_come_whole() {
    for (const std::size_t length : {0u, 1u, 65534u, 65535u, 65536u, 65537u, 131070u, 131071u, 200000u}) {
      const std::string line(length, 'x');
      const auto dump = copied("t", line + "\nnext\r\n\n");
      CPPUNIT_ASSERT_EQUAL(line + "\nnext\n\n", load(dump + end()));
    }
    CPPUNIT_ASSERT_EQUAL(std::string("a\n"), load(copied("t", "a\n") + end().substr(0, end().size() - 1)));
  }

  void a_line_that_never_ends_is_refused() {
    const auto said = load(copied("t", std::string(k_too_long, 'x') + "\n") + end());
    CPPUNIT_ASSERT_MESSAGE(said.substr(0, 200), said.ends_with("line 2: a line of more than 64 MiB"));
  }

  void what_is_not_wanted_may_be_as_long_as_it_likes() {
    CPPUNIT_ASSERT_EQUAL(std::string("a\n"), load(copied("other", std::string(k_too_long, 'x') + "\n") +
                                                  copied("t", "a\n") + end()));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PgDumpTest);
