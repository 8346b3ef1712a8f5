// SPDX-License-Identifier: MIT
// What Requirement::matches costs, in nanoseconds of processor time a match (`make bench`, or this program
// alone). The real requirements and versions of the shared test data, medians of rounds. In the second row
// the versions are shuffled, so that neither memory nor branches can be foreseen; in the third every version
// is a prerelease and every requirement names one.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "libwharf/package/requirement.hpp"
#include "tests/support/skip.hpp"

namespace {

using namespace wharf;

constexpr int k_rounds = 9;

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The median of the rounds, and how many pairs matched, which also keeps the work from being optimised away.
void measure(const char* what, const std::vector<Requirement>& requirements,
             const std::vector<Version>& versions) {
  std::vector<double> nanoseconds;
  std::size_t matched = 0;
  const std::size_t pairs = requirements.size() * versions.size();
  for (int round = 0; round < k_rounds; ++round) {
    matched = 0;
    const std::clock_t start = std::clock();
    for (const auto& requirement : requirements)
      for (const auto& version : versions) matched += requirement.matches(version);
    const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    nanoseconds.push_back(took * 1e9 / static_cast<double>(pairs));
  }
  std::sort(nanoseconds.begin(), nanoseconds.end());
  std::printf("| %-44s | %11zu | %6.2f %% | %8.2f | %8.2f | %8.2f |\n", what, pairs,
              100 * static_cast<double>(matched) / static_cast<double>(pairs), nanoseconds.front(),
              nanoseconds[nanoseconds.size() / 2], nanoseconds.back());
}

}  // namespace

int main() {
  const auto folder = test::corpora();
  if (!folder) {
    std::fprintf(stderr, "requirement_match: the shared test data is not here; set WHARF_CORPORA\n");
    return 1;
  }
  std::vector<Version> versions, prereleases;
  for (const auto& line : lines_of(*folder / "semver" / "crates_versions.txt")) {
    versions.push_back(parse_version(line));
    if (versions.back().is_prerelease()) prereleases.push_back(versions.back());
  }
  // Every 29th of the requirements: a round of a second or so.
  std::vector<Requirement> requirements, naming;
  std::size_t number = 0;
  for (const auto& line : lines_of(*folder / "semver" / "crates_requirements.txt")) {
    const auto requirement = parse_requirement(line);
    if (number++ % 29 == 0) requirements.push_back(requirement);
    const auto& all = requirement.comparators();
    const bool names =
        std::any_of(all.begin(), all.end(), [](const Comparator& c) { return !c.prerelease.empty(); });
    if (names && number % 7 == 0) naming.push_back(requirement);
  }
  std::vector<Version> shuffled = versions;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(1));

  std::printf("%d rounds; nanoseconds of processor time a match\n", k_rounds);
  std::printf("| %-44s | %11s | %8s | %8s | %8s | %8s |\n", "requirements × versions", "pairs", "matched",
              "least", "median", "most");
  measure("real × real, sorted as text", requirements, versions);
  measure("real × real, versions shuffled", requirements, shuffled);
  measure("naming a prerelease × prereleases", naming, prereleases);
}
