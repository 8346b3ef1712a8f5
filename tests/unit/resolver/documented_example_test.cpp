// SPDX-License-Identifier: MIT
// The example of docs/resolver.md, run. What stands between the two marks must stand in the document word by
// word.
#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/file.hpp"

// example begins
#include <map>

#include "libwharf/resolver/explanation.hpp"
#include "libwharf/resolver/solver.hpp"
#include "libwharf/resolver/validator.hpp"

using namespace wharf;

// Packages in memory; yours may come from files or a network.
class Shelf : public resolver::Source {
 public:
  void put(const std::string& name, std::string_view version, std::vector<resolver::Want> wants = {}) {
    versions_[name].push_back({parse_version(version), false, std::move(wants)});  // lower ones first
  }
  Answer package(std::string_view name) override {
    const auto found = versions_.find(name);
    if (found == versions_.end()) return {resolver::Absence::unknown, nullptr};
    return {resolver::Absence::present, &found->second};
  }

 private:
  std::map<std::string, std::vector<resolver::Candidate>, std::less<>> versions_;
};

// "app 2.0.0, log 1.4.0", or why not.
std::string choose(Shelf& shelf, const resolver::Problem& problem) {
  resolver::Universe universe(shelf);  // keep it, if you solve more than once
  const auto answer = resolver::solve(universe, problem);
  if (const auto* failure = std::get_if<resolver::Failure>(&answer))
    return resolver::explain(universe, *failure, false);
  const auto& solution = std::get<resolver::Solution>(answer);
  for (const auto& fault : resolver::faults_of(shelf, problem, solution))
    return "a fault of the solver: " + fault;
  std::string text;
  for (const auto& [name, version] : solution.versions)
    text += (text.empty() ? "" : ", ") + name + " " + version.text();
  return text;
}
// example ends

class DocumentedExampleTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DocumentedExampleTest);
  CPPUNIT_TEST(it_chooses_as_the_document_says);
  CPPUNIT_TEST(it_explains_what_cannot_be);
  CPPUNIT_TEST(the_document_has_this_text);
  CPPUNIT_TEST_SUITE_END();

  static Shelf shelf() {
    Shelf shelf;
    for (const auto* version : {"1.3.0", "1.4.0", "2.0.0"}) shelf.put("log", version);
    shelf.put("app", "2.0.0", {{"log", "^1", {}, {}}});
    return shelf;
  }

 public:
  void it_chooses_as_the_document_says() {
    Shelf full = shelf();
    resolver::Problem problem;
    problem.wants = {{"app", "*", "*", "my.toml"}};
    CPPUNIT_ASSERT_EQUAL(std::string("app 2.0.0, log 1.4.0"), choose(full, problem));
  }
  void it_explains_what_cannot_be() {
    Shelf full = shelf();
    resolver::Problem problem;
    problem.wants = {{"app", "*", "*", "my.toml"}, {"log", "^2", "^2", "my.toml"}};
    const std::string said = choose(full, problem);
    for (const auto* part : {"app", "log", "^2", "my.toml"})
      CPPUNIT_ASSERT_MESSAGE(said, said.find(part) != std::string::npos);
  }
  void the_document_has_this_text() {
    const std::string mine = read_file("tests/unit/resolver/documented_example_test.cpp").value();
    const std::string mark = "// example begins\n";
    const auto begin = mine.find(mark) + mark.size();
    const std::string example = mine.substr(begin, mine.find("// example ends") - begin);
    CPPUNIT_ASSERT(example.size() > 1000);
    const std::string document = read_file("docs/resolver.md").value();
    CPPUNIT_ASSERT(document.find("```cpp\n" + example + "```") != std::string::npos);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(DocumentedExampleTest);
