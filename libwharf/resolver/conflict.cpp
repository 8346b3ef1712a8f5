// SPDX-License-Identifier: MIT
#include <algorithm>

#include "libwharf/resolver/search.hpp"

namespace wharf::resolver {

// The assignment from which on the term holds.
std::uint32_t Search::satisfier_of(const BitTerm& term) const {
  const State& state = t_.states[term.package];
  std::uint32_t at = state.last;
  while (is_subset(s_.trail[at].before, term.set, state.words)) at = s_.trail[at].previous;
  return at;
}

void Search::add_part(BitTerm term) {
  const State& state = t_.states[term.package];
  if (is_subset(state.initial, term.set, state.words)) return;
  for (Part& part : parts_) {
    if (part.term.package != term.package) continue;
    part.term.set = both(s_.arena, state.words, part.term.set, term.set);
    part.satisfier = satisfier_of(part.term);
    return;
  }
  parts_.push_back({term, satisfier_of(term)});
  bump(term.package);
}

// The term that takes a part's place where it is resolved with what made it hold last: its package's state
// was within it before that.
BitTerm Search::weakened(const Part& part) {
  BitTerm weaker = part.term;
  each_term(s_.trail[part.satisfier].cause, [&](const BitTerm& term) {
    if (term.package == weaker.package)
      weaker.set = either(s_.arena, t_.states[term.package].words, weaker.set, term.set);
  });
  return weaker;
}

// Puts in place of the first part what made it hold.
void Search::resolve(BitTerm weaker) {
  const Cause cause = s_.trail[parts_.front().satisfier].cause;
  parts_.front() = parts_.back();
  parts_.pop_back();
  steps_.push_back({cause, weaker.package});
  add_part(weaker);
  each_term(cause, [&](const BitTerm& term) {
    if (term.package != weaker.package) add_part(term);
  });
}

void Search::learn(Cause conflict) {
  for (const PackageId package : s_.queue) t_.states[package].queued = false;
  s_.queue.clear();
  parts_.clear();
  steps_.assign(1, {conflict, k_none});
  each_term(conflict, [&](const BitTerm& term) { add_part(term); });

  std::uint32_t target = 0;
  for (;;) {
    if (parts_.empty()) {
      unsolvable_ = true;
      return;
    }
    // The latest part to the front, the one before it second: they are what the clause will watch.
    const auto later = [](const Part& a, const Part& b) { return a.satisfier > b.satisfier; };
    std::iter_swap(parts_.begin(), std::ranges::min_element(parts_, later));
    if (parts_.size() > 1)
      std::iter_swap(parts_.begin() + 1, std::min_element(parts_.begin() + 1, parts_.end(), later));
    const Assignment& latest = s_.trail[parts_[0].satisfier];
    target = parts_.size() > 1 ? s_.trail[parts_[1].satisfier].level : 0;
    if (latest.cause.of() == Cause::Of::decision) break;
    // Where the latest assignment made the part hold only together with earlier ones of the same package,
    // those count as well: else what is learnt would be about the last of many versions alone.
    const BitTerm weaker = weakened(parts_[0]);
    const State& state = t_.states[weaker.package];
    if (!is_subset(state.initial, weaker.set, state.words))
      target = std::max(target, s_.trail[satisfier_of(weaker)].level);
    if (latest.level > target) break;
    resolve(weaker);
  }

  const BitTerm asserted = parts_[0].term;
  std::vector<BitTerm> terms;
  for (const Part& part : parts_) terms.push_back(part.term);
  go_back(target);
  const auto number = static_cast<std::uint32_t>(s_.clauses.size());
  const Cause cause(Cause::Of::learnt, number);
  add_clause(terms.data(), terms.size(), cause);
  s_.clauses[number].first_step = static_cast<std::uint32_t>(s_.steps.size());
  s_.clauses[number].steps = static_cast<std::uint32_t>(steps_.size());
  s_.steps.insert(s_.steps.end(), steps_.begin(), steps_.end());
  const State& state = t_.states[asserted.package];
  assign(asserted.package, without(s_.arena, state.words, state.domain, asserted.set), cause);
}

void Search::bump(PackageId package) {
  if (s_.activity.size() <= package) s_.activity.resize(t_.packages.size(), 0);
  if (s_.activity[package]++ == 0) s_.active.push_back(package);
}

}  // namespace wharf::resolver
