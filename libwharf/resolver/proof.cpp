// SPDX-License-Identifier: MIT
// From the steps of a search that found no solution to the graph of incompatibilities: what was not needed
// for the last one is left out, what the search kept in short is made again.
#include <algorithm>

#include "libwharf/resolver/search.hpp"

namespace wharf::resolver {

class Proof {
 public:
  explicit Proof(Search& search) : s_(search) {}
  Failure make();

 private:
  void mark(const Step* steps, std::size_t count);
  std::size_t derive(const Step* steps, std::size_t count);
  std::size_t place_of(Cause cause);
  std::size_t add(Incompatibility incompatibility);
  Incompatibility fact(Cause cause);
  Reason reason_of(PackageId wanted, TextId text) const;
  VersionSet set_of(PackageId package, Bits bits) const {
    return version_set(bits, s_.t_.packages[package].candidates.size());
  }
  Term term_of(const BitTerm& term) const;

  Search& s_;
  std::vector<Incompatibility> all_;
  std::unordered_map<std::uint32_t, std::size_t> places_;  // by cause
  std::vector<bool> needed_;                               // by clause
};

Failure Search::failure() {
  return Proof(*this).make();
}

Failure Proof::make() {
  needed_.assign(s_.s_.clauses.size(), false);
  mark(s_.steps_.data(), s_.steps_.size());
  for (std::size_t i = needed_.size(); i-- > 0;)
    if (needed_[i]) mark(&s_.s_.steps[s_.s_.clauses[i].first_step], s_.s_.clauses[i].steps);
  for (std::size_t i = 0; i < needed_.size(); ++i) {
    if (!needed_[i]) continue;
    const Clause& clause = s_.s_.clauses[i];
    places_[clause.cause.packed()] = derive(&s_.s_.steps[clause.first_step], clause.steps);
  }
  derive(s_.steps_.data(), s_.steps_.size());

  std::map<PackageId, VersionSet> choosable;
  const auto note = [&](PackageId package) {
    if (s_.t_.packages[package].loaded)
      choosable.try_emplace(package, set_of(package, s_.t_.states[package].initial));
  };
  for (const auto& incompatibility : all_) {
    for (const auto& term : incompatibility.terms) note(term.package);
    if (incompatibility.kind == Kind::derived) continue;
    note(incompatibility.wanted);
    if (incompatibility.dependent) note(*incompatibility.dependent);
  }
  return {s_.problem_.name, s_.problem_.version, std::move(all_), std::move(choosable)};
}

void Proof::mark(const Step* steps, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (steps[i].cause.of() == Cause::Of::learnt) needed_[steps[i].cause.number()] = true;
}

std::size_t Proof::derive(const Step* steps, std::size_t count) {
  std::size_t place = place_of(steps[0].cause);
  for (std::size_t i = 1; i < count; ++i) {
    Incompatibility next;
    next.first = place;
    next.second = place_of(steps[i].cause);
    next.pivot = steps[i].pivot;
    next.terms = resolvent(s_.universe_, all_[next.first].terms, all_[next.second].terms, next.pivot);
    place = add(std::move(next));
  }
  return place;
}

std::size_t Proof::place_of(Cause cause) {
  const auto found = places_.find(cause.packed());
  if (found != places_.end()) return found->second;
  const std::size_t place = add(fact(cause));
  places_.emplace(cause.packed(), place);
  return place;
}

std::size_t Proof::add(Incompatibility incompatibility) {
  all_.push_back(std::move(incompatibility));
  return all_.size() - 1;
}

Incompatibility Proof::fact(Cause cause) {
  Incompatibility out;
  TextId text = 0;
  Bits matching{.word = 0};
  bool own = false;
  if (cause.of() == Cause::Of::want) {
    const RootWant& want = s_.s_.wants[cause.number()];
    out.kind = Kind::root;
    out.want = *want.want;
    out.wanted = want.wanted;
    text = want.text;
    matching = want.matching;
    own = want.own;
  } else {
    const Dependency& dependency = s_.t_.dependencies[cause.number()];
    const State& state = s_.t_.states[dependency.dependent];
    out.kind = Kind::dependency;
    out.want = s_.t_.want_of(dependency);
    out.wanted = dependency.wanted;
    out.dependent = dependency.dependent;
    out.dependents =
        set_of(dependency.dependent, both(s_.s_.arena, state.words, dependency.dependents, state.initial));
    text = dependency.text;
    matching = dependency.matching;
    own = dependency.wanted == s_.own_;
  }
  s_.each_term(cause, [&](const BitTerm& term) { out.terms.push_back(term_of(term)); });
  std::ranges::sort(out.terms, [&](const Term& a, const Term& b) {
    return s_.universe_.name(a.package) < s_.universe_.name(b.package);
  });
  if (own) {
    out.kind = Kind::unavailable;
    out.reason = Reason::own_version;
    return out;
  }
  const bool itself = out.dependent == out.wanted;
  if (itself) matching = s_.t_.matching(out.wanted, text);  // the tables have none for those that cannot be
  const State& state = s_.t_.states[out.wanted];
  out.matching = set_of(out.wanted, both(s_.s_.arena, state.words, matching, state.initial));
  if (!itself && out.matching.empty()) {
    out.kind = Kind::unavailable;
    out.reason = reason_of(out.wanted, text);
  }
  return out;
}

Reason Proof::reason_of(PackageId wanted, TextId text) const {
  const auto& requirement = s_.t_.requirements[text];
  if (!requirement) return Reason::not_readable;
  const Package& package = s_.t_.packages[wanted];
  switch (package.absence) {
    case Absence::unknown:
      return Reason::unknown;
    case Absence::not_cached:
      return Reason::not_cached;
    case Absence::quarantined:
      return Reason::quarantined;
    case Absence::present:
      break;
  }
  if (package.candidates.empty()) return Reason::no_versions;
  Reason reason = Reason::no_match;
  for (const auto& candidate : package.candidates) {
    const Version& v = candidate.version;
    if (requirement->matches(v)) return Reason::only_yanked;  // it would be choosable otherwise
    const Triple triple{v.major(), v.minor(), v.patch()};
    const auto& range = requirement->releases();
    if (v.is_prerelease() && !candidate.yanked && range.first <= triple && triple <= range.last)
      reason = Reason::only_prereleases;
  }
  return reason;
}

Term Proof::term_of(const BitTerm& term) const {
  const State& state = s_.t_.states[term.package];
  const bool positive = !contains(term.set, state.words, 0);
  const Bits versions = positive ? term.set : without(s_.s_.arena, state.words, state.initial, term.set);
  return {term.package, positive, set_of(term.package, versions)};
}

}  // namespace wharf::resolver
