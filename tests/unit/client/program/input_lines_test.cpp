// SPDX-License-Identifier: MIT
#include "client/program/input_lines.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>

#include <vector>

#include "libwharf/base/error.hpp"
#include "tests/unit/client/home.hpp"

using namespace wharf;
using namespace wharf::client;

class InputLinesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(InputLinesTest);
  CPPUNIT_TEST(reads_lines_of_every_ending);
  CPPUNIT_TEST(reads_lines_across_the_pieces_it_reads);
  CPPUNIT_TEST(refuses_a_line_without_an_end);
  CPPUNIT_TEST_SUITE_END();

  static std::vector<std::string> lines_of(std::string_view text) {
    const test::Home home;
    const Fd file = open_file(home.write("lines", text), O_RDONLY);
    InputLines input(file.get());
    std::vector<std::string> lines;
    for (std::string_view line; input.next(line);) {
      lines.emplace_back(line);
      CPPUNIT_ASSERT_EQUAL(lines.size(), static_cast<std::size_t>(input.number()));
    }
    return lines;
  }

 public:
  void reads_lines_of_every_ending() {
    CPPUNIT_ASSERT((std::vector<std::string>{"a", "", "b", "c"}) == lines_of("a\n\nb\r\nc"));
    CPPUNIT_ASSERT((std::vector<std::string>{"a"}) == lines_of("a\n"));
    CPPUNIT_ASSERT(lines_of("").empty());
  }

  void reads_lines_across_the_pieces_it_reads() {
    std::string text;
    for (int i = 0; i < 200000; ++i) text += std::to_string(i) + "\n";
    const auto lines = lines_of(text);
    CPPUNIT_ASSERT_EQUAL(std::size_t{200000}, lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i] != std::to_string(i)) CPPUNIT_FAIL("line " + std::to_string(i) + " is " + lines[i]);
  }

  void refuses_a_line_without_an_end() {
    CPPUNIT_ASSERT_THROW(lines_of(std::string(3u << 20, 'x')), Error);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, lines_of(std::string(1u << 20, 'x')).size());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(InputLinesTest);
