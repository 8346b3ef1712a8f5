// SPDX-License-Identifier: MIT
// A small world of packages and a project that asks for some of them, as a text:
//
//   foo 1.0.0: bar ^2.0.0; baz *             a version and what it depends on
//   foo 1.1.0 (yanked)
//   foo is out of reach                      asking for it, or for names like it, fails
//   foo is not cached                        … is quarantined, … has no versions; what is not named is
//   unknown like fo: foo; fob                        names like one that does not exist project app 1.0.0 the
//   project's own name, and version if it has one wharf.toml: foo ^1.0.0; bar ^2           what a file asks
//   for; `you: …` is nobody's file lock: foo 1.0.0 strategy lowest
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/resolver/solver.hpp"

namespace wharf::test {

class Story : public resolver::Source {
 public:
  explicit Story(std::string_view text);  // fails the test where a line is not understood

  Answer package(std::string_view name) override;
  std::vector<std::string> near(std::string_view name) override;

  resolver::Problem problem;
  std::map<std::string, std::vector<resolver::Candidate>, std::less<>> packages;

 private:
  void read(std::string_view line);
  std::set<std::string, std::less<>> out_of_reach_;
  std::map<std::string, resolver::Absence, std::less<>> absent_;
  std::map<std::string, std::vector<std::string>, std::less<>> near_;
};

}  // namespace wharf::test
