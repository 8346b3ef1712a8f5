// SPDX-License-Identifier: MIT
// The texts of explanations and ways out, as they stand in explanations/*.txt: a story, then what is said of
// it. WHARF_GOLDEN=rewrite writes what is said now: read it as the person who gets it before you keep it.
#include "libwharf/resolver/explanation.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "libwharf/base/file.hpp"
#include "libwharf/resolver/ways_out.hpp"
#include "tests/unit/resolver/story.hpp"

using namespace wharf;
using namespace wharf::resolver;

class ExplanationTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ExplanationTest);
  CPPUNIT_TEST(says_what_the_golden_texts_say);
  CPPUNIT_TEST_SUITE_END();

  static constexpr const char* k_folder = "tests/unit/resolver/explanations";

  static std::string said_of(const std::string& told) {
    test::Story story(told);
    Universe universe(story);
    const auto answer = solve(universe, story.problem);
    const auto* failure = std::get_if<Failure>(&answer);
    CPPUNIT_ASSERT_MESSAGE("this has a solution:\n" + told, failure);
    const auto brief = explain(universe, *failure, false);
    const auto whole = explain(universe, *failure, true);
    // Six lines at most, and the whole only where it is another text.
    CPPUNIT_ASSERT_MESSAGE(brief, std::ranges::count(brief, '\n') < 6);
    std::string said = "=> in short\n" + brief + "\n";
    if (whole != brief) said += "=> in full\n" + whole + "\n";
    said += "=> ways out\n";
    for (const auto& way : ways_out(universe, story.problem, *failure, {200, std::chrono::seconds(60), 3})) {
      said += way + "\n";
    }
    return said;
  }

 public:
  void says_what_the_golden_texts_say() {
    std::vector<Path> files;
    for (const auto& entry : std::filesystem::directory_iterator(k_folder)) files.push_back(entry.path());
    std::ranges::sort(files);
    CPPUNIT_ASSERT(files.size() >= 25);
    const char* rewrite = std::getenv("WHARF_GOLDEN");
    for (const auto& file : files) {
      const std::string text = read_file(file).value();
      const auto at = text.find("=> ");
      const std::string told = text.substr(0, at);
      const std::string said = said_of(told);
      if (rewrite != nullptr && std::string_view(rewrite) == "rewrite") {
        write_file_durably(file, told + said);
        continue;
      }
      CPPUNIT_ASSERT_EQUAL_MESSAGE(file.string(), at == text.npos ? "" : text.substr(at), said);
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ExplanationTest);
