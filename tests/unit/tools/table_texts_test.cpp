// SPDX-License-Identifier: MIT
// What is written from the table of commands: help, manual, completion, JSON.
#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/command/completion.hpp"
#include "libwharf/command/help.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/manual.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/command/table_json.hpp"
#include "libwharf/json/value.hpp"
#include "tests/unit/tools/tables.hpp"

using namespace wharf;
using namespace wharf::command;
using namespace wharf::test;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

}  // namespace

class TableTextsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TableTextsTest);
  CPPUNIT_TEST(help_lists_commands_and_what_every_command_takes);
  CPPUNIT_TEST(help_of_a_command_has_all_of_its_row);
  CPPUNIT_TEST(help_of_what_destroys_says_what_will_be_gone);
  CPPUNIT_TEST(a_program_without_verbs_is_one_page);
  CPPUNIT_TEST(the_manual_keeps_roff_from_reading_text_as_its_own);
  CPPUNIT_TEST(the_manual_names_every_option_with_its_value);
  CPPUNIT_TEST(completion_knows_words_choices_and_files);
  CPPUNIT_TEST(the_table_is_json);
  CPPUNIT_TEST(lines_are_broken_between_words);
  CPPUNIT_TEST(nothing_that_a_terminal_would_obey_is_printed);
  CPPUNIT_TEST_SUITE_END();

 public:
  void help_lists_commands_and_what_every_command_takes() {
    const auto help = help_of(harbour());
    for (const char* part :
         {"harbour: look after ships", "  berth assign SHIP [BERTH...]\n", "give a ship its berths",
          "  sink SHIP               sink a ship\n", "--config FILE", "-h, --help", "--version"})
      CPPUNIT_ASSERT_MESSAGE(part, holds(help, part));
    const auto group = help_of_group(harbour(), "berth");
    CPPUNIT_ASSERT(holds(group, "berth list") && !holds(group, "sink"));
  }

  void help_of_a_command_has_all_of_its_row() {
    const auto help = help_of(harbour(), mooring_command());
    for (const char* part :
         {"Usage: harbour berth assign SHIP [BERTH...] --tide TIDE [OPTION]...",
          "Ships stay.\n\nA line of --tide x that",
          "--tide TIDE             at which tide (one of high, low)", "--reason TEXT", "--json",
          "--set KEY=VALUE", "  # the usual\n  harbour berth assign ada --tide high\n"})
      CPPUNIT_ASSERT_MESSAGE(part, holds(help, part));
    CPPUNIT_ASSERT(!holds(help, "--yes"));
  }

  void help_of_what_destroys_says_what_will_be_gone() {
    const auto help = help_of(harbour(), harbour().commands[2]);
    CPPUNIT_ASSERT(holds(help, "It cannot be undone: the ship is gone."));
    CPPUNIT_ASSERT(holds(help, "--yes"));
    CPPUNIT_ASSERT(!holds(help, "--json"));
  }

  void a_program_without_verbs_is_one_page() {
    Program lighthouse{.name = "lighthouse",
                       .help = "give light",
                       .description = "It turns.",
                       .commands = {{.words = "",
                                     .positional = "",
                                     .help = "",
                                     .run = does_nothing,
                                     .options = {{"--dim", "", "give less"}}}}};
    const auto help = help_of(lighthouse);
    for (const char* part :
         {"lighthouse: give light", "Usage: lighthouse [OPTION]...", "It turns.", "--dim", "--version"})
      CPPUNIT_ASSERT_MESSAGE(part, holds(help, part));
    CPPUNIT_ASSERT(holds(manual_of(lighthouse), ".Op Fl Fl dim\n"));
    CPPUNIT_ASSERT(!holds(manual_of(lighthouse), "COMMANDS"));
    CPPUNIT_ASSERT(holds(bash_completion_of(lighthouse), "' '*)\n"));
  }

  void the_manual_keeps_roff_from_reading_text_as_its_own() {
    const auto page = manual_of(harbour());
    CPPUNIT_ASSERT(holds(page, "\\%\\fB\\-\\-tide x\\fR that begins .so to say, with a \\e and a 'quote'."));
    Program program = harbour();
    program.description =
        ".so the first word of a line\n\n'and this `is a literal that is so long that it goes on and on over "
        "the end of the line until` here";
    const auto other = manual_of(program);
    CPPUNIT_ASSERT(holds(other, "\n\\&.so the first"));
    CPPUNIT_ASSERT(holds(other, "\n\\&'and this"));
    for (std::size_t at = 0; (at = other.find("\\fB", at)) != other.npos; ++at)
      CPPUNIT_ASSERT_MESSAGE("bold ends on its line", other.find("\\fR", at) < other.find('\n', at));
  }

  void the_manual_names_every_option_with_its_value() {
    const auto page = manual_of(harbour());
    for (const char* part :
         {".Dt HARBOUR 8\n", ".Nm harbour\n.Nd look after ships\n",
          ".It Cm berth assign Ar ship Op Ar berth...\n", ".It Fl Fl tide Ar tide\n",
          ".It Fl Fl set Ar key Ns = Ns Ar value\n", ".It Fl Fl yes\n", ".Sh WEATHER\nIt rains.\n",
          ".Xr tide 7 ,\n.Xr harbour.conf 5\n", ".Dl \\%\\fBharbour berth assign ada \\-\\-tide high\\fR\n",
          "It cannot be undone: the ship is gone."})
      CPPUNIT_ASSERT_MESSAGE(part, holds(page, part));
  }

  void completion_knows_words_choices_and_files() {
    const auto script = bash_completion_of(harbour());
    for (const char* part :
         {"' berth ') next='assign list'", "' ') next='berth sink'", "--tide) values='high low' ;;",
          "--chart|-c|--config) files=yes ;;", "complete -F _harbour harbour\n"})
      CPPUNIT_ASSERT_MESSAGE(part, holds(script, part));
  }

  void the_table_is_json() {
    const auto text = json_of(harbour());
    const auto document = json::parse(text);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, document.root()["commands"].size());
    std::vector<std::string> words, effects;
    std::size_t required = 0, choices = 0;
    document.root()["commands"].each([&](json::Value command) {
      words.emplace_back(*command["words"].string());
      effects.emplace_back(*command["effect"].string());
      command["options"].each([&](json::Value option) {
        required += *option["required"].boolean() ? 1u : 0u;
        choices += option["choices"].size();
      });
    });
    CPPUNIT_ASSERT((std::vector<std::string>{"berth assign", "berth list", "sink"}) == words);
    CPPUNIT_ASSERT((std::vector<std::string>{"changes", "reads", "destroys"}) == effects);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, required);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, choices);
  }

  void lines_are_broken_between_words() {
    const std::vector<std::string> expected = {"äöü ab", "abcdefghij", "c"};
    CPPUNIT_ASSERT(expected == wrapped("  äöü\nab abcdefghij c ", 7));
    CPPUNIT_ASSERT(wrapped(" \n ", 7).empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, paragraphs("a\nb\n\nc").size());
  }

  void nothing_that_a_terminal_would_obey_is_printed() {
    CPPUNIT_ASSERT_EQUAL(std::string("größer?[31m? a b"), printable("größer\x1b[31m\xc2\x9b a\nb"));
    CPPUNIT_ASSERT_EQUAL(std::string("'\\xff'"), printable("\xff"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TableTextsTest);
