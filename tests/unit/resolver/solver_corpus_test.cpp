// SPDX-License-Identifier: MIT
// Cases and graphs that no one here wrote. The validator judges every answer, and then the judge that came
// with them does, which knows nothing of this code: its verdicts are what counts.
#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>
#include <fstream>

#include "libwharf/base/handle.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/resolver/validator.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/support/skip.hpp"
#include "tests/unit/resolver/solving.hpp"

using namespace wharf;
using namespace wharf::resolver;
using test::PackageTable;

// The judge takes half a minute for all answers. It sees all of them once, in an optimised build;
// instrumented ones show it every k_step-th.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
constexpr std::size_t k_step = 50;
#else
constexpr std::size_t k_step = 1;
#endif

class SolverCorpusTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SolverCorpusTest);
  CPPUNIT_TEST(solves_what_pub_solves);
  CPPUNIT_TEST(solves_what_pub_grub_in_ruby_solves);
  CPPUNIT_TEST(solves_what_hex_solves);
  CPPUNIT_TEST(solves_every_root_of_the_large_case);
  CPPUNIT_TEST(solves_every_root_of_the_crates);
  CPPUNIT_TEST(solves_what_backs_out_of_ranges);
  CPPUNIT_TEST(solves_what_needs_no_backing_out);
  CPPUNIT_TEST_SUITE_END();

  test::ScratchDirectory scratch_;

  static std::string text_of(const std::filesystem::path& file) {
    auto text = read_file(file);
    CPPUNIT_ASSERT_MESSAGE(file.string() + " is missing", text);
    return std::move(*text);
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(scratch_.path() / name) << text;
  }

  // {package: version}; for a failure {"error": …} with the names that the proof is about.
  static void write_answer(json::Writer& writer, const Universe& universe,
                           const std::variant<Solution, Failure>& answer) {
    writer.begin_object();
    if (const auto* solution = std::get_if<Solution>(&answer)) {
      for (const auto& [name, version] : solution->versions) writer.member(name, version.text());
    } else {
      std::string names;
      for (const auto& one : std::get<Failure>(answer).all())
        if (one.kind != Kind::derived)
          names.append(one.dependent ? universe.name(*one.dependent) : "the root")
              .append(" wants ")
              .append(one.want.name + "; ");
      writer.member("error", names);
    }
    writer.end_object();
  }

  // What the judge says, line by line; the verdicts that must not be there, are looked for. DIFFERS is
  // another right answer than upstream's.
  void expect_no_complaint(const std::string& arguments, std::size_t answers) const {
    const std::string command = "cd '" + scratch_.path().string() + "' && python3 '" +
                                std::filesystem::absolute(*test::corpora() / "check_solution.py").string() +
                                "' " + arguments + " 2>&1";
    std::string said;
    {
      const Handle<FILE, pclose> judge(popen(command.c_str(), "r"));
      CPPUNIT_ASSERT(judge);
      char buffer[4096];
      while (const auto got = std::fread(buffer, 1, sizeof buffer, judge.get())) said.append(buffer, got);
    }
    std::size_t counted = 0;
    const auto summary = said.rfind('{');
    CPPUNIT_ASSERT_MESSAGE(said, summary != std::string::npos);
    for (const char* verdict : {"WRONG-VERDICT", "INVALID", "WRONG", "DOMINATED", "MENTIONS", "ABSENT"})
      CPPUNIT_ASSERT_MESSAGE(said, said.find(std::string("'") + verdict + "'") == std::string::npos);
    for (const char* verdict : {"'PASS': ", "'DIFFERS': "})
      if (const auto at = said.find(verdict, summary); at != std::string::npos)
        counted += std::stoul(said.substr(at + std::string_view(verdict).size()));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(said, answers, counted);
  }

  void solve_cases(const char* name, std::size_t count) {
    const auto folder = test::corpora();
    if (!folder) return test::skip("the shared test data is not here; set WHARF_CORPORA");
    const auto file = *folder / "resolver" / name;
    const json::Document cases = json::parse(text_of(file));
    json::Writer answers;
    answers.begin_object();
    cases.root().each([&](json::Value one) {
      PackageTable table = PackageTable::from_index(one["index"]);
      Problem problem;
      problem.wants = test::wants_of(one["root"]);
      one["locked"].each_member([&](std::string_view package, json::Value version) {
        problem.locked.emplace(package, parse_version(version.string().value()));
      });
      problem.strategy = one["strategy"].string() == "lowest" ? Strategy::lowest : Strategy::highest;
      Universe universe(table);
      test::solved(universe, problem);
      answers.key(one["id"].string().value());
      write_answer(answers, universe, solve(universe, problem));
    });
    answers.end_object();
    write("answers.json", answers.take());
    CPPUNIT_ASSERT_EQUAL(count, cases.root().size());
    expect_no_complaint("'" + std::filesystem::absolute(file).string() + "' answers.json", count);
  }

  void solve_graph(const std::string& name, std::size_t count) {
    const auto folder = test::corpora();
    if (!folder) return test::skip("the shared test data is not here; set WHARF_CORPORA");
    const std::string base = std::filesystem::absolute(*folder / "graphs" / name).string();
    PackageTable table = PackageTable::from_graph(base + ".jsonl.gz");
    const auto roots = test::graph_roots(base + ".expect.jsonl.gz");
    CPPUNIT_ASSERT_EQUAL(count, roots.size());
    Universe universe(table);
    std::ofstream answers(scratch_.path() / "answers.jsonl");
    std::size_t shown = 0;
    for (std::size_t i = 0; i < roots.size(); ++i) {
      Problem problem;
      problem.wants = roots[i].wants;
      const std::string answer = test::solved(universe, problem);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(roots[i].id, roots[i].solvable, answer != "no solution");
      if (i % k_step != 0) continue;
      json::Writer line;
      line.begin_object().member("id", roots[i].id).key("solution");
      if (roots[i].solvable)
        write_answer(line, universe, solve(universe, problem));
      else
        line.null();
      answers << line.end_object().text() << "\n";
      ++shown;
    }
    answers.close();
    expect_no_complaint("--graph '" + base + ".jsonl.gz' '" + base + ".expect.jsonl.gz' answers.jsonl",
                        shown);
  }

 public:
  void solves_what_pub_solves() { solve_cases("dart.json", 46); }
  void solves_what_pub_grub_in_ruby_solves() { solve_cases("rubypg.json", 14); }
  void solves_what_hex_solves() { solve_cases("hexs.json", 19); }
  void solves_every_root_of_the_crates() { solve_graph("crates-2018-09", 19310); }
  void solves_what_backs_out_of_ranges() { solve_graph("syn-bt-ranges", 1); }
  void solves_what_needs_no_backing_out() { solve_graph("syn-no-backtrack", 1); }

  // Its verdicts come as {"package@version": solvable}: cases are made of them, for the judge.
  void solves_every_root_of_the_large_case() {
    const auto folder = test::corpora();
    if (!folder) return test::skip("the shared test data is not here; set WHARF_CORPORA");
    const auto index = std::filesystem::absolute(*folder / "resolver/indexes/pubgrub-large_case_u16.json");
    PackageTable table = PackageTable::from_index(json::parse(text_of(index)).root());
    const json::Document expected =
        json::parse(text_of(*folder / "resolver/pubgrub-large_case_u16.expect.json"));
    Universe universe(table);
    json::Writer cases, answers;
    cases.begin_array();
    answers.begin_object();
    std::size_t number = 0, shown = 0;
    expected.root().each_member([&](std::string_view root, json::Value solvable) {
      const std::string id(root), name = id.substr(0, id.find('@')),
                                  wanted = "=" + id.substr(id.find('@') + 1);
      const Problem problem = test::problem_of({name + " " + wanted});
      const bool found = test::solved(universe, problem) != "no solution";
      CPPUNIT_ASSERT_EQUAL_MESSAGE(id, solvable.boolean().value(), found);
      if (number++ % k_step != 0) return;
      ++shown;
      cases.begin_object()
          .member("id", id)
          .member("index_file", index.string())
          .member("strategy", "highest");
      cases.key("root").begin_object().member(name, wanted).end_object();
      cases.key("expect").begin_object().member("sat", found).end_object().end_object();
      answers.key(id);
      write_answer(answers, universe, solve(universe, problem));
    });
    CPPUNIT_ASSERT_EQUAL(std::size_t{641}, number);
    write("cases.json", cases.end_array().take());
    write("answers.json", answers.end_object().take());
    expect_no_complaint("cases.json answers.json", shown);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SolverCorpusTest);
