// SPDX-License-Identifier: MIT
#include "libwharf/resolver/argument.hpp"

#include <algorithm>

namespace wharf::resolver {
namespace {

// Both lists ascend, so one walk finds what they share.
template <class OnOne, class OnBoth>
void walk(const Claim& a, const Claim& b, OnOne on_one, OnBoth on_both) {
  auto x = a.terms.begin();
  auto y = b.terms.begin();
  while (x != a.terms.end() || y != b.terms.end()) {
    if (y == b.terms.end() || (x != a.terms.end() && x->first < y->first)) {
      on_one(*x++);
    } else if (x == a.terms.end() || y->first < x->first) {
      on_one(*y++);
    } else {
      on_both(*x++, *y++);
    }
  }
}

void set_whole(Argument& argument) {
  for (auto& claim : argument.claims) {
    claim.whole.clear();
    for (const auto& [package, states] : claim.terms) {
      const auto is_whole_in = [&, at = package](std::size_t cause) {
        const auto& before = argument.claims[cause];
        for (std::size_t i = 0; i < before.terms.size(); ++i) {
          if (before.terms[i].first == at) return bool{before.whole[i]};
        }
        return true;
      };
      const auto& known = argument.packages[package];
      if (claim.ground != Ground::derived) {
        claim.whole.push_back(states.has_none() || is_told_whole(known, states));
      } else {
        claim.whole.push_back(states.has_none() || known.allowed.contains(states) ||
                              (is_whole_in(claim.first) && is_whole_in(claim.second)));
      }
    }
  }
}

}  // namespace

const States* Claim::find(std::uint32_t wanted) const {
  const auto at = std::ranges::lower_bound(terms, wanted, {}, &std::pair<std::uint32_t, States>::first);
  return at != terms.end() && at->first == wanted ? &at->second : nullptr;
}

bool implies(const Claim& a, const Claim& b) {
  return std::ranges::all_of(a.terms, [&](const auto& term) {
    const auto* other = b.find(term.first);
    return other != nullptr && term.second.contains(*other);
  });
}

std::vector<std::pair<std::uint32_t, States>> resolvent(const Claim& a, const Claim& b, std::uint32_t pivot) {
  std::vector<std::pair<std::uint32_t, States>> terms;
  walk(
      a, b,
      [&](const auto& one) {
        if (one.first != pivot) terms.push_back(one);
      },
      [&](const auto& x, const auto& y) {
        States both = x.first == pivot ? (x.second | y.second) : (x.second & y.second);
        if (!both.full()) terms.emplace_back(x.first, std::move(both));
      });
  return terms;
}

void set_terms(Claim& fact) {
  fact.terms.clear();
  const bool asked = fact.ground == Ground::asked;
  const bool itself = !asked && fact.package == fact.target;
  States who = fact.parts.front().who;
  States wanted = fact.parts.front().wanted;
  States impossible(who.versions());
  for (const auto& part : fact.parts) {
    who = who | part.who;
    wanted = wanted | part.wanted;
    if (itself) impossible = impossible | (part.who & ~part.wanted);
  }
  if (itself) {
    fact.terms.emplace_back(fact.package, impossible);
    return;
  }
  if (!asked) fact.terms.emplace_back(fact.package, who);
  // Where nothing is accepted the target's term holds in every case, and is left away.
  if (!wanted.empty()) fact.terms.emplace_back(fact.target, ~wanted);
  std::ranges::sort(fact.terms, {}, &std::pair<std::uint32_t, States>::first);
}

void set_allowed(Argument& argument) {
  for (auto& known : argument.packages) {
    known.allowed = States(known.size());
    for (std::size_t i = 0; i < known.size(); ++i) known.counts[i] = !known.versions[i].is_prerelease();
  }
  for (const auto& claim : argument.claims) {
    if (!claim.is_fact()) continue;
    auto& known = argument.packages[claim.target];
    for (const auto& part : claim.parts) known.allowed = known.allowed | part.wanted;
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (known.allowed.has(i)) known.counts[i] = true;
    }
  }
  set_whole(argument);
}

std::vector<Claim> pruned(const std::vector<Claim>& claims) {
  std::vector<bool> needed(claims.size());
  needed.back() = true;
  for (std::size_t i = claims.size(); i-- > 0;) {
    if (!needed[i] || !claims[i].rests_on_others()) continue;
    needed[claims[i].first] = needed[claims[i].second] = true;
  }
  std::vector<Claim> kept;
  std::vector<std::size_t> place(claims.size());
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (!needed[i]) continue;
    place[i] = kept.size();
    kept.push_back(claims[i]);
    auto& claim = kept.back();
    if (!claim.rests_on_others()) continue;
    claim.first = place[claim.first];
    claim.second = place[claim.second];
  }
  return kept;
}

}  // namespace wharf::resolver
