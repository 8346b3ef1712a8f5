// SPDX-License-Identifier: MIT
#include "libwharf/resolver/search.hpp"

namespace wharf::resolver {

namespace {

Scratch& scratch_of(Tables& tables) {
  if (!tables.scratch) tables.scratch = std::make_shared<Scratch>();
  return *static_cast<Scratch*>(tables.scratch.get());
}

}  // namespace

std::variant<Solution, Failure> solve(Universe& universe, const Problem& problem) {
  Search search(universe, problem);
  if (search.run()) return search.solution();
  return search.failure();
}

Search::Search(Universe& universe, const Problem& problem)
    : universe_(universe), problem_(problem), t_(universe.tables()), s_(scratch_of(t_)) {
  ++s_.stamp;
}

Search::~Search() {
  for (auto it = s_.trail.rbegin(); it != s_.trail.rend(); ++it) {
    State& state = t_.states[it->package];
    state.domain = it->before;
    state.last = it->previous;
    state.decided = false;
  }
  for (const PackageId package : s_.decided) t_.states[package].decided = false;
  for (const PackageId package : s_.watched) t_.states[package].watches = k_none;
  for (const PackageId package : s_.queue) t_.states[package].queued = false;
  for (const PackageId package : s_.active) s_.activity[package] = 0;
  for (const PackageId package : changed_initial_)
    t_.states[package].initial = t_.states[package].domain = t_.packages[package].not_yanked;
  s_.trail.clear();
  s_.level_trail.clear();
  s_.level_decided.clear();
  s_.level_scan.clear();
  s_.needed.clear();
  s_.decided.clear();
  s_.queue.clear();
  s_.forced.clear();
  s_.wants.clear();
  s_.clauses.clear();
  s_.terms.clear();
  s_.watch_next.clear();
  s_.watched.clear();
  s_.steps.clear();
  s_.active.clear();
  s_.arena.reset();
}

bool Search::run() {
  Conflict conflict = begin();
  for (;;) {
    if (!conflict) conflict = propagate();
    if (conflict) {
      learn(*conflict);
      if (unsolvable_) return false;
      conflict.reset();
      continue;
    }
    const PackageId package = next();
    if (package == k_none) return true;
    conflict = decide(package);
  }
}

// What has one version left comes first: it costs nobody a choice. Then what can stay as it is locked, then
// what the root wants itself, then what most conflicts were about, then what was needed earliest.
PackageId Search::next() {
  while (!s_.forced.empty()) {
    const PackageId package = s_.forced.back();
    s_.forced.pop_back();
    const State& state = t_.states[package];
    if (!state.decided && is_one_version(state.domain, state.words)) return package;
  }
  if (!locks_.empty()) {
    for (; scan_locked_ < s_.needed.size(); ++scan_locked_) {
      const PackageId package = s_.needed[scan_locked_];
      if (!t_.states[package].decided && can_stay(package)) return package;
    }
  }
  while (scan_ < s_.needed.size() && t_.states[s_.needed[scan_]].decided) ++scan_;
  if (scan_ == s_.needed.size()) return k_none;
  if (scan_ < direct_) return s_.needed[scan_];
  PackageId best = k_none;
  for (const PackageId package : s_.active) {
    const State& state = t_.states[package];
    if (state.decided || contains(state.domain, state.words, 0)) continue;
    if (best == k_none || s_.activity[package] > s_.activity[best]) best = package;
  }
  return best != k_none ? best : s_.needed[scan_];
}

bool Search::can_stay(PackageId package) const {
  const auto lock = locks_.find(package);
  const State& state = t_.states[package];
  return lock != locks_.end() && lock->second.bit != 0 &&
         contains(state.domain, state.words, lock->second.bit);
}

std::size_t Search::preferred_bit(PackageId package, Bits among) const {
  const std::size_t words = t_.states[package].words;
  if (!locks_.empty())
    if (const auto lock = locks_.find(package);
        lock != locks_.end() && lock->second.bit != 0 && contains(among, words, lock->second.bit))
      return lock->second.bit;
  return problem_.strategy == Strategy::highest ? highest_bit(among, words) : lowest_bit(among, words);
}

bool Search::own_matches(TextId text) const {
  static const Version none = *Version::from("0.0.0");
  const auto& requirement = t_.requirements[text];
  return requirement && requirement->matches(problem_.version ? *problem_.version : none);
}

bool Search::is_dead(const Dependency& dependency) const {
  if (dependency.wanted == own_) return !own_matches(dependency.text);
  const State& state = t_.states[dependency.wanted];
  return is_disjoint(state.domain, dependency.matching, state.words);
}

// Takes the best version that is left. Where one of its dependencies cannot be met any more, that is found
// out before a level is opened, and the version, with all others of the same dependency, is struck out
// instead.
Search::Conflict Search::decide(PackageId package) {
  State& state = t_.states[package];
  const std::size_t bit = preferred_bit(package, state.domain);
  const auto dependencies = t_.dependencies_of(state, bit - 1);
  for (const std::uint32_t number : dependencies) {
    const Dependency& dependency = t_.dependencies[number];
    if (!dependency.ready && dependency.wanted != own_) [[unlikely]] {
      load_wanted(package, bit - 1);
      return decide(package);
    }
    if (!is_dead(dependency)) continue;
    const Cause cause(Cause::Of::dependency, number);
    add_dependency_clause(number);
    if (is_subset(state.domain, dependency.dependents, state.words)) return cause;
    assign(package, without(s_.arena, state.words, state.domain, dependency.dependents), cause);
    return std::nullopt;
  }
  state.decided = true;
  if (!is_one_version(state.domain, state.words)) {
    s_.level_trail.push_back(static_cast<std::uint32_t>(s_.trail.size()));
    s_.level_decided.push_back(static_cast<std::uint32_t>(s_.decided.size()));
    s_.level_scan.push_back({static_cast<std::uint32_t>(scan_), static_cast<std::uint32_t>(scan_locked_)});
    assign(package, single_bit(s_.arena, state.words, bit), Cause());
  }
  s_.decided.push_back(package);
  for (const std::uint32_t number : dependencies) {
    const Dependency& dependency = t_.dependencies[number];
    if (dependency.wanted == own_) continue;
    if (auto conflict = require(dependency.wanted, dependency.matching, Cause(Cause::Of::dependency, number)))
      return conflict;
  }
  return std::nullopt;
}

Solution Search::solution() const {
  Solution solution;
  for (const PackageId package : s_.decided) {
    const State& state = t_.states[package];
    const std::size_t version = lowest_bit(state.domain, state.words) - 1;
    solution.versions.emplace(t_.names[package], t_.packages[package].candidates[version].version);
  }
  return solution;
}

}  // namespace wharf::resolver
