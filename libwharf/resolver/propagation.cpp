// SPDX-License-Identifier: MIT
#include <tuple>

#include "libwharf/resolver/search.hpp"

namespace wharf::resolver {

void Search::assign(PackageId package, Bits set, Cause cause) {
  State& state = t_.states[package];
  const std::uint64_t first_before = *words_of(state.domain, state.words);
  const std::uint64_t first_now = *words_of(set, state.words);
  s_.trail.push_back({package, cause, state.last, level(), state.domain});
  state.last = static_cast<std::uint32_t>(s_.trail.size() - 1);
  state.domain = set;
  if ((first_now & k_absent) == 0) {
    if ((first_before & k_absent) != 0) s_.needed.push_back(package);
    if (!state.decided && is_one_version(set, state.words)) s_.forced.push_back(package);
  }
  if (state.watches != k_none && !state.queued) {
    state.queued = true;
    s_.queue.push_back(package);
  }
}

Search::Conflict Search::require(PackageId package, Bits allowed, Cause cause) {
  const State& state = t_.states[package];
  if (is_subset(state.domain, allowed, state.words)) return std::nullopt;
  if (is_disjoint(state.domain, allowed, state.words)) return cause;
  assign(package, both(s_.arena, state.words, state.domain, allowed), cause);
  return std::nullopt;
}

Search::Conflict Search::propagate() {
  Conflict conflict;
  std::size_t at = 0;
  while (at < s_.queue.size() && !conflict) {
    const PackageId package = s_.queue[at++];
    t_.states[package].queued = false;
    conflict = visit_clauses(package);
  }
  for (; at < s_.queue.size(); ++at) t_.states[s_.queue[at]].queued = false;
  s_.queue.clear();
  return conflict;
}

// Two terms of each clause are watched, its first two. As long as neither holds, nothing can follow from it.
Search::Conflict Search::visit_clauses(PackageId package) {
  std::uint32_t* link = &t_.states[package].watches;
  while (*link != k_none) {
    const std::uint32_t node = *link;
    const Clause& clause = s_.clauses[node / 2];
    BitTerm* terms = &s_.terms[clause.first_term];
    BitTerm& mine = terms[node % 2];
    const BitTerm& other = terms[1 - node % 2];
    const State& state = t_.states[package];
    const State& other_state = t_.states[other.package];
    if (!is_subset(state.domain, mine.set, state.words) ||
        is_disjoint(other_state.domain, other.set, other_state.words)) {
      link = &s_.watch_next[node];
      continue;
    }
    std::uint32_t place = 2;
    while (place < clause.terms) {
      const State& candidate = t_.states[terms[place].package];
      if (!is_subset(candidate.domain, terms[place].set, candidate.words)) break;
      ++place;
    }
    if (place < clause.terms) {
      std::swap(mine, terms[place]);
      *link = s_.watch_next[node];
      watch(node, mine.package);
      continue;
    }
    if (is_subset(other_state.domain, other.set, other_state.words)) return clause.cause;
    assign(other.package, without(s_.arena, other_state.words, other_state.domain, other.set), clause.cause);
    link = &s_.watch_next[node];
  }
  return std::nullopt;
}

void Search::watch(std::uint32_t node, PackageId package) {
  std::uint32_t& head = t_.states[package].watches;
  if (head == k_none) s_.watched.push_back(package);
  s_.watch_next[node] = head;
  head = node;
}

// The first two terms are to be those that hold last.
std::uint32_t Search::add_clause(const BitTerm* terms, std::size_t count, Cause cause) {
  const auto number = static_cast<std::uint32_t>(s_.clauses.size());
  const auto first = static_cast<std::uint32_t>(s_.terms.size());
  s_.clauses.push_back({first, static_cast<std::uint32_t>(count), cause, 0, 0});
  s_.terms.insert(s_.terms.end(), terms, terms + count);
  s_.watch_next.resize(s_.watch_next.size() + 2, k_none);
  if (count > 1)
    for (std::uint32_t side = 0; side < 2; ++side) watch(number * 2 + side, terms[side].package);
  return number;
}

void Search::add_dependency_clause(std::uint32_t number) {
  if (s_.clause_stamp.size() < t_.dependencies.size()) s_.clause_stamp.resize(t_.dependencies.size() * 2, 0);
  if (s_.clause_stamp[number] == s_.stamp) return;
  s_.clause_stamp[number] = s_.stamp;
  BitTerm terms[2];
  std::size_t count = 0;
  each_term(Cause(Cause::Of::dependency, number), [&](const BitTerm& term) { terms[count++] = term; });
  if (count == 2) add_clause(terms, count, Cause(Cause::Of::dependency, number));
}

void Search::go_back(std::uint32_t target) {
  if (target >= level()) return;
  for (std::size_t i = s_.level_decided[target]; i < s_.decided.size(); ++i)
    t_.states[s_.decided[i]].decided = false;
  s_.decided.resize(s_.level_decided[target]);
  const std::size_t size = s_.level_trail[target];
  while (s_.trail.size() > size) {
    const Assignment& assignment = s_.trail.back();
    State& state = t_.states[assignment.package];
    if ((*words_of(assignment.before, state.words) & k_absent) != 0 &&
        (*words_of(state.domain, state.words) & k_absent) == 0)
      s_.needed.pop_back();
    state.domain = assignment.before;
    state.last = assignment.previous;
    s_.trail.pop_back();
  }
  std::tie(scan_, scan_locked_) = s_.level_scan[target];
  s_.level_trail.resize(target);
  s_.level_decided.resize(target);
  s_.level_scan.resize(target);
  s_.forced.clear();
}

}  // namespace wharf::resolver
