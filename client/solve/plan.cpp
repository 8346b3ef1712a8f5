// SPDX-License-Identifier: MIT
#include "client/solve/plan.hpp"

#include <algorithm>
#include <utility>

#include "client/solve/lock_graph.hpp"
#include "client/solve/settle.hpp"
#include "client/solve/supply.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/resolver/explanation.hpp"
#include "libwharf/resolver/validator.hpp"
#include "libwharf/resolver/ways_out.hpp"

namespace wharf::client {

namespace {

using resolver::Problem;
using resolver::Solution;

Problem problem_of(const Asked& asked, const Lock& before, const Wish& wish) {
  Problem problem;
  problem.name = asked.project.name;
  problem.version = asked.project.version;
  problem.wants = asked.wants;
  for (auto& want : problem.wants)
    if (want.where == asked.project.manifest_file && wish.named.contains(want.name))
      want.where = k_your_command;
  problem.strategy = wish.strategy;
  for (const auto& package : before.packages) problem.locked.insert_or_assign(package.name, package.version);
  for (const auto& package : asked.in_place) problem.locked.erase(package.name);
  return problem;
}

// All that is surely needed, in flight at once.
void begin_fetching(Supply& supply, const Problem& problem) {
  std::set<std::string> names;
  for (const auto& want : problem.wants) names.insert(want.name);
  for (const auto& [name, version] : problem.locked) names.insert(name);
  names.erase(problem.name);
  supply.soon(std::vector<std::string>(names.begin(), names.end()));
}

[[noreturn]] void refuse(resolver::Universe& universe, const Problem& problem,
                         const resolver::Failure& failure, bool whole) {
  throw Unsolved("no versions of all that is asked for fit together",
                 resolver::explain(universe, failure, whole), resolver::ways_out(universe, problem, failure));
}

void require_valid(Supply& supply, const Problem& problem, const Solution& solution) {
  const auto faults = resolver::faults_of(supply, problem, solution);
  if (faults.empty()) return;
  std::string all;
  for (const auto& fault : faults) all.append(all.empty() ? "" : "; ").append(fault);
  throw Error(Code::internal_error, "the resolver's own answer is wrong, and nothing was written: " + all +
                                        "; please report this together with the manifest");
}

LockedPackage locked(Index& index, const std::string& registry, const std::string& name,
                     const Version& version) {
  const auto* document = index.document(name);
  const auto* entry = document ? document->find(version) : nullptr;
  if (!entry) throw internal_error("the index has lost " + name + " " + version.text());
  LockedPackage package;
  package.name = name;
  package.version = entry->version;
  package.checksum = entry->checksum;
  package.registry = registry;
  for (const auto& dependency : entry->dependencies)
    if (dependency.kind == Dependency::Kind::normal && !dependency.optional)
      package.dependencies.insert_or_assign(dependency.name, dependency.requirement);
  return package;
}

// The part of the packages that the project itself leads to.
Lock lock_of(const Asked& asked, const Lock& all) {
  std::vector<std::string> names;
  const auto gather = [&](const Project& project, bool dev_too) {
    for (const auto& dependency : project.dependencies)
      if (!dependency.optional && (dev_too || !dependency.dev)) names.push_back(dependency.name);
  };
  gather(asked.project, true);
  for (const auto& project : asked.in_place) gather(project, false);
  const auto reached = LockGraph(all).reachable(names);
  std::vector<LockedPackage> packages;
  for (const auto& package : all.packages)
    if (reached.contains(package.name)) packages.push_back(package);
  return make_lock(asked.project, asked.in_place, std::move(packages));
}

void require_same_checksum(const LockedPackage& before, const std::string& now, const std::string& registry) {
  if (before.checksum.empty() || before.checksum == now) return;
  throw IntegrityError("the lock has the checksum " + before.checksum + " for " + before.name + " " +
                       before.version.text() + ", but " + registry + " has " + now +
                       "; a published version never changes, so one of the two was tampered with or is of "
                       "another registry");
}

}  // namespace

const IndexEntry* known_entry(Index& index, const LockedPackage& package) {
  try {
    const auto* document = index.document(package.name);
    return document ? document->find(package.version) : nullptr;
  } catch (const IntegrityError&) {
    throw;
  } catch (const Error& error) {
    command::detail("nothing is known of " + package.name + ": " + error.public_message());
    return nullptr;
  }
}

Unsolved::Unsolved(std::string sentence, std::string the_explanation, std::vector<std::string> the_ways_out)
    : NoSolution(std::move(sentence)),
      explanation(std::move(the_explanation)),
      ways_out(std::move(the_ways_out)) {}

Plan plan(Index& index, const std::string& registry, const Asked& asked, const Lock& before,
          const Wish& wish) {
  Supply supply(index, asked.in_place);
  Problem problem = problem_of(asked, before, wish);
  begin_fetching(supply, problem);
  resolver::Universe universe(supply);
  const std::vector<std::string> freed(wish.freed.begin(), wish.freed.end());
  auto result = settle(supply, universe, problem, freed);
  for (const auto& name : freed) problem.locked.erase(name);
  if (const auto* failure = std::get_if<resolver::Failure>(&result))
    refuse(universe, problem, *failure, wish.explain_whole);
  const auto& solution = std::get<Solution>(result);
  require_valid(supply, problem, solution);

  Lock all;
  const LockGraph old(before);
  for (const auto& [name, version] : solution.versions) {
    if (supply.is_in_place(name)) continue;
    all.packages.push_back(locked(index, registry, name, version));
    const auto& now = all.packages.back();
    if (const auto* was = old.find(name); was && was->version == now.version)
      require_same_checksum(*was, now.checksum, registry);
  }
  Plan plan{.lock = lock_of(asked, all), .packages = all.packages, .changes = {}};
  std::set<std::string> yanked;
  for (const auto& package : before.packages)
    if (const auto* entry = known_entry(index, package); entry && entry->yanked) yanked.insert(package.name);
  plan.changes = changes_between(before, all, asked.wants, wish.freed, yanked);
  return plan;
}

std::vector<std::string> warnings_of(Index& index, const Lock& lock) {
  std::vector<std::string> warnings;
  for (const auto& package : lock.packages) {
    const auto* entry = known_entry(index, package);
    if (!entry || !entry->yanked) continue;
    warnings.push_back(package.name + " " + package.version.text() + " was yanked" +
                       (entry->yank_reason && !entry->yank_reason->empty() ? " (" + *entry->yank_reason + ")"
                                                                           : std::string()) +
                       "; it stays because it is locked, `update " + package.name + "` takes another");
  }
  return warnings;
}

void require_same_checksums(Index& index, const Lock& lock) {
  for (const auto& package : lock.packages)
    if (const auto* entry = known_entry(index, package))
      require_same_checksum(package, entry->checksum, index.access().base);
}

}  // namespace wharf::client
