// SPDX-License-Identifier: MIT
// What a search asks of the source, and when: a package when a version that wants it is to be decided, never
// earlier; but as soon as a package is there, the source is told what its best version would want.
#include <algorithm>

#include "libwharf/resolver/search.hpp"

namespace wharf::resolver {

Search::Conflict Search::begin() {
  if (!problem_.name.empty()) own_ = t_.intern(problem_.name);
  for (const auto& [name, version] : problem_.locked) {
    const PackageId package = t_.intern(name);
    locks_.emplace(package, Lock{&version, 0});
    apply_lock(package);
  }
  std::vector<std::string> unknown;
  for (const auto& want : problem_.wants) {
    const PackageId package = t_.intern(want.name);
    s_.wants.push_back({&want, package, t_.intern_text(want.requirement), {.word = 0}, package == own_});
    if (!t_.packages[package].loaded && package != own_) unknown.push_back(want.name);
  }
  if (!unknown.empty()) {
    std::ranges::sort(unknown);
    unknown.erase(std::ranges::unique(unknown).begin(), unknown.end());
    t_.source.soon(unknown);
  }
  if (s_.wants.size() > 1)
    std::ranges::stable_sort(s_.wants, [](const RootWant& a, const RootWant& b) {
      return a.want->name != b.want->name ? a.want->name < b.want->name
                                          : a.want->requirement < b.want->requirement;
    });
  std::vector<std::pair<PackageId, Bits>> fresh;
  for (RootWant& want : s_.wants) {
    if (want.own) continue;
    const bool is_fresh = !t_.packages[want.wanted].loaded;
    load(want.wanted);
    want.matching = t_.matching(want.wanted, want.text);
    if (is_fresh) fresh.emplace_back(want.wanted, want.matching);
  }
  hint(fresh);
  for (std::uint32_t i = 0; i < s_.wants.size(); ++i) {
    const RootWant& want = s_.wants[i];
    const Cause cause(Cause::Of::want, i);
    if (want.own) {
      if (!own_matches(want.text)) return cause;
    } else if (auto conflict = require(want.wanted, want.matching, cause)) {
      return conflict;
    }
  }
  direct_ = s_.needed.size();
  return std::nullopt;
}

void Search::load(PackageId package) {
  if (t_.packages[package].loaded) return;
  t_.load(package);
  apply_lock(package);
}

void Search::apply_lock(PackageId package) {
  if (!t_.packages[package].loaded) return;
  const auto lock = locks_.find(package);
  if (lock == locks_.end()) return;
  const auto candidates = t_.packages[package].candidates;
  const auto found = std::ranges::find(candidates, *lock->second.version, &Candidate::version);
  if (found == candidates.end()) return;
  lock->second.bit = static_cast<std::size_t>(found - candidates.begin()) + 1;
  if (!found->yanked) return;
  State& state = t_.states[package];
  const Bits bit = single_bit(s_.arena, state.words, lock->second.bit);
  state.domain = state.initial = either(s_.arena, state.words, state.initial, bit);
  changed_initial_.push_back(package);
}

void Search::load_wanted(PackageId package, std::size_t version) {
  const auto dependencies = t_.dependencies_of(t_.states[package], version);
  const auto is_ready = [&](std::uint32_t number) {
    return t_.dependencies[number].ready || t_.dependencies[number].wanted == own_;
  };
  std::vector<std::uint32_t> numbers;
  std::vector<std::string> unknown;
  for (const std::uint32_t number : dependencies) {
    if (is_ready(number)) continue;
    numbers.push_back(number);
    const PackageId wanted = t_.dependencies[number].wanted;
    if (!t_.packages[wanted].loaded) unknown.emplace_back(t_.names[wanted]);
  }
  if (!unknown.empty()) t_.source.soon(unknown);
  std::vector<std::pair<PackageId, Bits>> fresh;
  for (const std::uint32_t number : numbers) {
    const PackageId wanted = t_.dependencies[number].wanted;
    const bool is_fresh = !t_.packages[wanted].loaded;
    load(wanted);
    t_.prepare(number);
    if (is_fresh) fresh.emplace_back(wanted, t_.dependencies[number].matching);
  }
  hint(fresh);
}

// Of each package that has just come, and what is wanted of it: what its likely version will want.
void Search::hint(const std::vector<std::pair<PackageId, Bits>>& fresh) {
  std::vector<std::string> names;
  for (const auto& [package, matching] : fresh) {
    const State& state = t_.states[package];
    if (is_disjoint(state.domain, matching, state.words)) continue;
    const Bits likely = both(s_.arena, state.words, state.domain, matching);
    for (const std::uint32_t number : t_.dependencies_of(state, preferred_bit(package, likely) - 1)) {
      const PackageId wanted = t_.dependencies[number].wanted;
      if (!t_.packages[wanted].loaded && wanted != own_) names.emplace_back(t_.names[wanted]);
    }
  }
  if (names.empty()) return;
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  t_.source.soon(names);
}

}  // namespace wharf::resolver
