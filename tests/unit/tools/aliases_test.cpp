// SPDX-License-Identifier: MIT
// Other spellings: what is typed, and what is meant.
#include "libwharf/command/aliases.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/command/lookup.hpp"
#include "tests/unit/tools/tables.hpp"

using namespace wharf;
using namespace wharf::command;
using namespace wharf::test;

using Words = std::vector<std::string>;

namespace {

Program with(const std::vector<std::pair<std::string, std::string>>& rows) {
  auto program = harbour();
  for (const auto& [typed, meant] : rows) {
    const auto alias = alias_from(typed, meant);
    CPPUNIT_ASSERT_MESSAGE(typed, alias.has_value());
    program.aliases.push_back(*alias);
  }
  return program;
}

std::string line(const Program& program, const Words& words) {
  std::string text;
  for (const auto& word : without_aliases(program, words)) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string refusal(const Program& program, const Words& words) {
  try {
    return "took it: " + line(program, words);
  } catch (const UsageError& error) {
    return error.what();
  }
}

}  // namespace

class AliasesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AliasesTest);
  CPPUNIT_TEST(a_command_can_have_another_name);
  CPPUNIT_TEST(an_option_can_have_another_name);
  CPPUNIT_TEST(a_value_can_go_behind_the_first_argument);
  CPPUNIT_TEST(an_option_can_mean_another_command);
  CPPUNIT_TEST(a_value_alone_can_have_another_name);
  CPPUNIT_TEST(values_and_what_follows_two_dashes_are_left_alone);
  CPPUNIT_TEST(a_spelling_can_be_refused);
  CPPUNIT_TEST(a_command_of_more_words_is_no_spelling);
  CPPUNIT_TEST(rows_are_read_and_written_alike);
  CPPUNIT_TEST(what_is_no_row_is_none);
  CPPUNIT_TEST(the_nearest_command_is_looked_for_among_spellings_too);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_command_can_have_another_name() {
    const auto program = with({{"scuttle", "sink"}, {"berth show all", "berth list --json"}});
    CPPUNIT_ASSERT_EQUAL(std::string("sink ada --yes"), line(program, {"scuttle", "ada", "--yes"}));
    CPPUNIT_ASSERT_EQUAL(std::string("berth list --json --set a=b"),
                         line(program, {"berth", "show", "all", "--set", "a=b"}));
    CPPUNIT_ASSERT_EQUAL(std::string("sail ada"), line(program, {"sail", "ada"}));
  }

  void an_option_can_have_another_name() {
    const auto program = with({{"berth assign -t TIDE", "berth assign --tide TIDE"},
                               {"berth assign --hush", "berth assign --quiet"},
                               {"berth assign --safely", "berth assign"}});
    CPPUNIT_ASSERT_EQUAL(std::string("berth assign ada --tide high --quiet"),
                         line(program, {"berth", "assign", "ada", "-t", "high", "--hush", "--safely"}));
    CPPUNIT_ASSERT_EQUAL(std::string("'--hush' takes no value"),
                         refusal(program, {"berth", "assign", "ada", "--hush=yes"}));
    CPPUNIT_ASSERT_EQUAL(std::string("'-t' needs its TIDE"),
                         refusal(program, {"berth", "assign", "ada", "-t"}));
    // Of that command alone.
    CPPUNIT_ASSERT_EQUAL(std::string("sink --hush"), line(program, {"sink", "--hush"}));
  }

  void a_value_can_go_behind_the_first_argument() {
    const auto program = with({{"sink --at PLACE", "sink @PLACE"}});
    CPPUNIT_ASSERT_EQUAL(std::string("sink ada@sea"), line(program, {"sink", "ada", "--at", "sea"}));
    CPPUNIT_ASSERT_EQUAL(std::string("sink ada@sea"), line(program, {"sink", "--at=sea", "ada"}));
    CPPUNIT_ASSERT_EQUAL(std::string("'sink' needs the name that this is about"),
                         refusal(program, {"sink", "--at", "sea"}));
  }

  void an_option_can_mean_another_command() {
    const auto program = with(
        {{"ship --sink SHIP", "sink SHIP"}, {"ship --berths", "berth list"}, {"sink --list", "berth list"}});
    CPPUNIT_ASSERT_EQUAL(std::string("sink ada --yes"), line(program, {"ship", "--sink", "ada", "--yes"}));
    CPPUNIT_ASSERT_EQUAL(std::string("berth list"), line(program, {"ship", "--berths"}));
    CPPUNIT_ASSERT_EQUAL(std::string("berth list"), line(program, {"sink", "--list"}));
    CPPUNIT_ASSERT_EQUAL(std::string("ship"), line(program, {"ship"}));
  }

  void a_value_alone_can_have_another_name() {
    const auto program = with({{"berth assign --tide=flood", "berth assign --tide high"}});
    for (const auto& words :
         {Words{"berth", "assign", "--tide", "flood"}, Words{"berth", "assign", "--tide=flood"}})
      CPPUNIT_ASSERT_EQUAL(std::string("berth assign --tide high"), line(program, words));
    CPPUNIT_ASSERT_EQUAL(std::string("berth assign --tide low"),
                         line(program, {"berth", "assign", "--tide", "low"}));
  }

  void values_and_what_follows_two_dashes_are_left_alone() {
    const auto program = with({{"berth assign --hush", "berth assign --quiet"}});
    CPPUNIT_ASSERT_EQUAL(
        std::string("berth assign --rope --hush -c --hush --quiet -- --hush"),
        line(program, {"berth", "assign", "--rope", "--hush", "-c", "--hush", "--hush", "--", "--hush"}));
  }

  void a_spelling_can_be_refused() {
    const auto program =
        with({{"sink --deeper", "refuse: it is deep enough"}, {"raise", "refuse: it is gone"}});
    CPPUNIT_ASSERT_EQUAL(std::string("it is deep enough"), refusal(program, {"sink", "ada", "--deeper"}));
    CPPUNIT_ASSERT_EQUAL(std::string("it is gone"), refusal(program, {"raise", "ada"}));
  }

  void a_command_of_more_words_is_no_spelling() {
    const auto program = with({{"berth", "berth list"}});
    CPPUNIT_ASSERT_EQUAL(std::string("berth list"), line(program, {"berth"}));
    CPPUNIT_ASSERT_EQUAL(std::string("berth assign ada"), line(program, {"berth", "assign", "ada"}));
  }

  void rows_are_read_and_written_alike() {
    for (const auto& [typed, meant] : std::initializer_list<std::pair<std::string, std::string>>{
             {"uninstall", "remove"},
             {"install -D", "install --dev"},
             {"info --version V", "info @V"},
             {"owner --add USER", "owner add USER"},
             {"search --sort=newest", "search --sort updated"},
             {"update --safe", "update"},
             {"publish --force", "refuse: never"}}) {
      const auto alias = alias_from(typed, meant);
      CPPUNIT_ASSERT_MESSAGE(typed, alias.has_value());
      CPPUNIT_ASSERT_EQUAL(typed, spelling_of(*alias));
      CPPUNIT_ASSERT_EQUAL(meant, meaning_of(*alias));
    }
  }

  void what_is_no_row_is_none() {
    for (const auto& [typed, meant] :
         std::initializer_list<std::pair<const char*, const char*>>{{"", "remove"},
                                                                    {"-D", "--dev"},
                                                                    {"install -D", ""},
                                                                    {"install -D", "--dev"},
                                                                    {"install -D dev", "install --dev"},
                                                                    {"install NAME", "install"},
                                                                    {"install -", "install"},
                                                                    {"install -D A B", "install --dev A"},
                                                                    {"install --x=1 V", "install"},
                                                                    {"install", "install"},
                                                                    {"install -D", "refuse: "}})
      CPPUNIT_ASSERT_MESSAGE(typed, !alias_from(typed, meant));
  }

  void the_nearest_command_is_looked_for_among_spellings_too() {
    const auto program = with({{"scuttle", "sink"}});
    const auto hint = [&](const Words& words) {
      try {
        refuse_unknown(program, words);
      } catch (const UsageError& error) {
        return std::string(error.what());
      }
    };
    CPPUNIT_ASSERT_EQUAL(std::string("unknown command 'scutle'; did you mean 'scuttle'?"), hint({"scutle"}));
    CPPUNIT_ASSERT_EQUAL(std::string("'berth' needs one of: assign, list"), hint({"berth"}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AliasesTest);
