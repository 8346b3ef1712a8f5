// SPDX-License-Identifier: MIT
// Explanations of failures that no one here made up: every root of the shared graphs and cases that has no
// solution.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <functional>
#include <map>

#include "libwharf/resolver/explanation.hpp"
#include "libwharf/resolver/ways_out.hpp"
#include "tests/support/skip.hpp"
#include "tests/unit/package/corpus.hpp"

using namespace wharf;
using namespace wharf::resolver;

namespace {

class Graph : public Source {
 public:
  Answer package(std::string_view name) override {
    const auto found = packages.find(name);
    if (found == packages.end()) return {Absence::unknown, nullptr};
    return {Absence::present, &found->second};
  }
  void add(const std::string& name, const std::string& version, bool yanked, json::Value wants) {
    Candidate candidate{parse_version(version), yanked, {}};
    wants.each_member([&](std::string_view dependency, json::Value requirement) {
      candidate.wants.push_back({std::string(dependency), std::string(requirement.string().value()), "", ""});
    });
    packages[name].push_back(std::move(candidate));
  }
  // {name: [{version, deps, yanked}]}
  void add_index(json::Value index) {
    index.each_member([&](std::string_view name, json::Value versions) {
      versions.each([&](json::Value one) {
        add(std::string(name), std::string(one["version"].string().value()),
            one["yanked"].boolean().value_or(false), one["deps"]);
      });
    });
    sort();
  }
  void sort() {
    for (auto& [_, candidates] : packages) {
      std::ranges::sort(candidates, [](const auto& a, const auto& b) { return a.version < b.version; });
    }
  }
  std::map<std::string, std::vector<Candidate>, std::less<>> packages;
};

std::string text_of(json::Value value) {
  return std::string(value.string().value());
}

}  // namespace

class ExplanationCorpusTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ExplanationCorpusTest);
  CPPUNIT_TEST(is_brief_for_every_root_without_a_solution);
  CPPUNIT_TEST(is_brief_for_every_version_of_the_large_case_without_a_solution);
  CPPUNIT_TEST(names_what_each_case_names);
  CPPUNIT_TEST_SUITE_END();

  // The short text: one to six lines, each a sentence, with nothing in it that only a solver would say.
  static void check_form(const std::string& id, const Explanation& brief) {
    CPPUNIT_ASSERT_MESSAGE(id, !brief.lines.empty() && brief.lines.size() <= k_short_lines);
    for (const auto& line : brief.lines) {
      CPPUNIT_ASSERT_MESSAGE(id + ": " + line, line.ends_with(".") || line.ends_with(".)"));
      CPPUNIT_ASSERT_MESSAGE(id + ": " + line, line.find('|') == line.npos);
    }
    const std::size_t last = brief.lines.size() - (brief.left_out == 0 ? 1 : 2);
    CPPUNIT_ASSERT_MESSAGE(id, brief.lines[last].ends_with("there is no solution."));
  }

 public:
  void is_brief_for_every_root_without_a_solution() {
    const auto folder = test::corpora();
    if (!folder) return test::skip("the shared test data is not here; set WHARF_CORPORA");
    Graph graph;
    for (const auto& line : test::gzip_lines(*folder / "graphs/crates-2018-09.jsonl.gz")) {
      const auto document = json::parse(line);
      const auto name = text_of(document.root()["name"]);
      document.root()["versions"].each(
          [&](json::Value one) { graph.add(name, text_of(one["v"]), one["y"].integer() == 1, one["d"]); });
    }
    graph.sort();
    Universe universe(graph);
    std::size_t explained = 0;
    for (const auto& line : test::gzip_lines(*folder / "graphs/crates-2018-09.expect.jsonl.gz")) {
      const auto document = json::parse(line);
      if (document.root()["sat"].boolean().value()) continue;
      Problem problem;
      document.root()["root"].each_member([&](std::string_view name, json::Value requirement) {
        problem.wants.push_back({std::string(name), text_of(requirement), "", "wharf.toml"});
      });
      const auto id = text_of(document.root()["id"]);
      const auto answer = solve(universe, problem);
      const auto* failure = std::get_if<Failure>(&answer);
      CPPUNIT_ASSERT_MESSAGE(id, failure);
      check_form(id, explanation_of(universe, *failure, false));
      ++explained;
    }
    CPPUNIT_ASSERT(explained > 2000);
  }

  void is_brief_for_every_version_of_the_large_case_without_a_solution() {
    const auto folder = test::corpora();
    if (!folder) return test::skip("the shared test data is not here; set WHARF_CORPORA");
    Graph graph;
    graph.add_index(test::json_rows(*folder / "resolver/indexes/pubgrub-large_case_u16.json").root());
    Universe universe(graph);
    std::size_t explained = 0;
    const auto expected = test::json_rows(*folder / "resolver/pubgrub-large_case_u16.expect.json");
    expected.root().each_member([&](std::string_view root, json::Value sat) {
      if (sat.boolean().value()) return;
      const auto at = root.find('@');
      Problem problem;
      problem.wants.push_back(
          {std::string(root.substr(0, at)), "=" + std::string(root.substr(at + 1)), "", ""});
      const auto answer = solve(universe, problem);
      const auto* failure = std::get_if<Failure>(&answer);
      CPPUNIT_ASSERT_MESSAGE(std::string(root), failure);
      check_form(std::string(root), explanation_of(universe, *failure, false));
      ++explained;
    });
    CPPUNIT_ASSERT_EQUAL(std::size_t{48}, explained);
  }

  void names_what_each_case_names() {
    const auto folder = test::corpora();
    if (!folder) return test::skip("the shared test data is not here; set WHARF_CORPORA");
    std::size_t explained = 0;
    for (const char* file : {"dart.json", "rubypg.json", "hexs.json"}) {
      test::json_rows(*folder / "resolver" / file).root().each([&](json::Value row) {
        if (row["expect"]["sat"].boolean().value()) return;
        Graph graph;
        graph.add_index(row["index"]);
        Problem problem;
        row["root"].each_member([&](std::string_view name, json::Value requirements) {
          requirements.each([&](json::Value requirement) {
            problem.wants.push_back({std::string(name), text_of(requirement), "", "wharf.toml"});
          });
        });
        row["locked"].each_member([&](std::string_view name, json::Value version) {
          problem.locked.emplace(std::string(name), parse_version(version.string().value()));
        });
        const auto id = text_of(row["id"]);
        Universe universe(graph);
        const auto answer = solve(universe, problem);
        const auto* failure = std::get_if<Failure>(&answer);
        CPPUNIT_ASSERT_MESSAGE(id, failure);
        check_form(id, explanation_of(universe, *failure, false));
        const auto whole = explain(universe, *failure, true);
        row["expect"]["mentions"].each([&](json::Value name) {
          CPPUNIT_ASSERT_MESSAGE(id + " does not name " + text_of(name) + ":\n" + whole,
                                 whole.find(text_of(name)) != whole.npos);
        });
        ++explained;
      });
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{20}, explained);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ExplanationCorpusTest);
