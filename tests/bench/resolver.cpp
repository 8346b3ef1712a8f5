// SPDX-License-Identifier: MIT
// What resolving costs (`make bench-resolver`): one thread, real and made-up graphs of the shared test data,
// all documents in memory. Times are processor time, so that other load falls out as far as it can; the least
// of the rounds counts for a single root, the median of the rounds for the sum of all. The first round is
// told apart: in it each requirement is compared with versions for the first time.
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "libwharf/package/requirement.hpp"
#include "libwharf/resolver/solver.hpp"
#include "tests/support/package_table.hpp"
#include "tests/support/skip.hpp"

namespace {

using namespace wharf;
using namespace wharf::resolver;
using test::GraphRoot;
using test::PackageTable;

double processor_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double resident_mebibytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double at_share(std::vector<double>& sorted, double share) {
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

void print_heading() {
  std::printf("| %-34s | %6s | %8s | %8s | %9s | %8s | %8s | %8s | %9s | %s |\n", "roots", "number",
              "without", "packages", "first, µs", "mean, µs", "p50, µs", "p99, µs", "worst, µs", "which");
  std::printf("|---|---|---|---|---|---|---|---|---|---|\n");
}

void measure(const char* what, Universe& universe, const std::vector<GraphRoot>& roots, int rounds) {
  if (roots.empty()) return;
  std::vector<Problem> problems(roots.size());
  for (std::size_t i = 0; i < roots.size(); ++i) problems[i].wants = roots[i].wants;
  std::size_t unsolvable = 0, packages = 0;
  std::vector<double> sums, least(roots.size(), 1e18);
  for (int round = 0; round <= rounds; ++round) {
    unsolvable = packages = 0;
    const double start = processor_microseconds();
    for (const auto& problem : problems) {
      const auto answer = solve(universe, problem);
      if (const auto* solution = std::get_if<Solution>(&answer))
        packages += solution->versions.size();
      else
        ++unsolvable;
    }
    sums.push_back(processor_microseconds() - start);
  }
  // One by one as well, apart from the sum, which asking for the time would swell.
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < problems.size(); ++i) {
      const double start = processor_microseconds();
      const auto answer = solve(universe, problems[i]);
      least[i] = std::min(least[i], processor_microseconds() - start);
    }
  const double n = static_cast<double>(roots.size());
  const double first = sums.front() / n;
  std::sort(sums.begin() + 1, sums.end());
  const std::size_t worst = static_cast<std::size_t>(std::ranges::max_element(least) - least.begin());
  const std::string worst_id = roots[worst].id;
  std::ranges::sort(least);
  std::printf("| %-34s | %6zu | %8zu | %8zu | %9.2f | %8.2f | %8.2f | %8.2f | %9.2f | %s |\n", what,
              roots.size(), unsolvable, packages, first, sums[1 + (sums.size() - 1) / 2] / n,
              at_share(least, 0.5), at_share(least, 0.99), least.back(), worst_id.c_str());
}

void measure_graph(const std::filesystem::path& folder, const char* name, int rounds) {
  const auto file = [&](const char* ending) { return folder / (std::string(name) + ending); };
  PackageTable table = PackageTable::from_graph(file(".jsonl.gz"));
  Universe universe(table);
  for (const auto& [package, candidates] : table.all()) universe.load(universe.intern(package));
  measure(name, universe, test::graph_roots(file(".expect.jsonl.gz")), rounds);
}

// A million matches of real requirements and versions, drawn evenly from the graph.
void measure_matches(const PackageTable& table, int rounds) {
  std::vector<Version> versions;
  std::vector<std::string> texts;
  for (const auto& [name, candidates] : table.all())
    for (const auto& candidate : candidates) {
      versions.push_back(candidate.version);
      for (const auto& want : candidate.wants) texts.push_back(want.requirement);
    }
  std::ranges::sort(texts);
  std::ranges::sort(versions);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  constexpr std::size_t k_each = 1000;
  std::vector<Requirement> requirements;
  std::vector<Version> some;
  for (std::size_t i = 0; i < k_each; ++i) {
    requirements.push_back(parse_requirement(texts[i * texts.size() / k_each]));
    some.push_back(versions[i * 7919 % versions.size()]);
  }
  std::vector<double> took;
  std::size_t matched = 0;
  for (int round = 0; round < rounds; ++round) {
    matched = 0;
    const double start = processor_microseconds();
    for (const auto& requirement : requirements)
      for (const auto& version : some) matched += requirement.matches(version);
    took.push_back(processor_microseconds() - start);
  }
  std::ranges::sort(took);
  std::printf("\na million matches of a requirement and a version: %.2f ms (%zu of them match)\n",
              took[took.size() / 2] / 1e3, matched);
}

std::string load_of_the_machine() {
  std::ifstream file("/proc/loadavg");
  std::string load;
  file >> load;
  return load;
}

}  // namespace

// resolver [ROUNDS]
int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 9;
  const auto corpora = test::corpora();
  if (!corpora) {
    std::fprintf(stderr, "resolver: the shared test data is not here; set WHARF_CORPORA\n");
    return 1;
  }
  const auto folder = *corpora / "graphs";
  std::printf("%u cores, load %s at the start; %d rounds, processor time of one thread\n\n",
              std::thread::hardware_concurrency(), load_of_the_machine().c_str(), rounds);

  double start = processor_microseconds();
  PackageTable table = PackageTable::from_graph(folder / "crates-2018-09.jsonl.gz");
  const double read = processor_microseconds() - start;
  const double before = resident_mebibytes();
  start = processor_microseconds();
  Universe universe(table);
  for (const auto& [package, candidates] : table.all()) universe.load(universe.intern(package));
  const double loaded = processor_microseconds() - start;
  const double after = resident_mebibytes();
  std::vector<GraphRoot> singles, applications;
  for (auto& root : test::graph_roots(folder / "crates-2018-09.expect.jsonl.gz"))
    (root.id.starts_with("A:") ? singles : applications).push_back(std::move(root));

  print_heading();
  measure("crates-2018-09, single packages", universe, singles, rounds);
  measure("crates-2018-09, applications", universe, applications, rounds);
  measure_graph(folder, "syn-bt-ranges", rounds);
  measure_graph(folder, "syn-no-backtrack", rounds);
  measure_matches(table, rounds);
  const auto size = universe.size();
  std::printf(
      "documents of %zu packages, %zu versions, %zu dependencies: read in %.0f ms, taken in in %.0f ms\n",
      size.packages, size.versions, size.dependencies, read / 1e3, loaded / 1e3);
  std::printf(
      "memory: %.0f MiB with the documents, %.0f MiB more once they are taken in; at the end %.1f MiB, by "
      "count, of "
      "%zu dependencies after merging, %zu requirements and their matches\n",
      before, after - before, static_cast<double>(size.bytes) / (1 << 20), size.merged_dependencies,
      size.requirements);
  std::printf("load %s at the end\n", load_of_the_machine().c_str());
}
