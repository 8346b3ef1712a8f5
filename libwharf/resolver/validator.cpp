// SPDX-License-Identifier: MIT
#include "libwharf/resolver/validator.hpp"

#include <algorithm>
#include <set>

#include "libwharf/base/text.hpp"
#include "libwharf/package/requirement.hpp"

namespace wharf::resolver {

std::vector<std::string> faults_of(Source& source, const Problem& problem, const Solution& solution) {
  std::vector<std::string> faults;
  std::set<std::string> needed;
  std::vector<std::string> to_visit;

  const auto check = [&](const std::string& who, const Want& want) {
    const auto requirement = Requirement::from(want.requirement);
    const bool own = !problem.name.empty() && want.name == problem.name;
    const auto chosen = solution.versions.find(want.name);
    if (!own && chosen == solution.versions.end()) {
      faults.push_back(who + " needs " + quoted(want.name) + ", which is not in the solution");
      return;
    }
    const Version version = own ? problem.version.value_or(*Version::from("0.0.0")) : chosen->second;
    if (!requirement || !requirement->matches(version))
      faults.push_back(who + " needs " + quoted(want.name) + " " + quoted(want.requirement) + ", which " +
                       quoted(version.text()) + " does not match");
    if (!own && needed.insert(want.name).second) to_visit.push_back(want.name);
  };

  for (const auto& want : problem.wants) check("the root", want);
  while (!to_visit.empty()) {
    const std::string name = std::move(to_visit.back());
    to_visit.pop_back();
    const Version& version = solution.versions.at(name);
    const std::string who = quoted(name + " " + version.text());
    const auto answer = source.package(name);
    const Candidate* candidate = nullptr;
    if (answer.absence == Absence::present && answer.candidates)
      for (const auto& one : *answer.candidates)
        if (one.version == version) candidate = &one;
    if (!candidate) {
      faults.push_back(who + " does not exist");
      continue;
    }
    const auto locked = problem.locked.find(name);
    if (candidate->yanked && (locked == problem.locked.end() || locked->second != version))
      faults.push_back(who + " is yanked");
    for (const auto& want : candidate->wants) check(who, want);
  }
  for (const auto& [name, version] : solution.versions)
    if (!needed.contains(name))
      faults.push_back(quoted(name + " " + version.text()) + " is needed by nobody");
  return faults;
}

}  // namespace wharf::resolver
