// SPDX-License-Identifier: MIT
#include "libwharf/resolver/derivation.hpp"

#include <algorithm>

namespace wharf::resolver {

namespace {

Term both_hold(const Term& a, const Term& b) {
  if (a.positive && b.positive) return {a.package, true, a.versions & b.versions};
  if (a.positive) return {a.package, true, a.versions - b.versions};
  if (b.positive) return {a.package, true, b.versions - a.versions};
  return {a.package, false, a.versions | b.versions};
}

Term either_holds(const Term& a, const Term& b) {
  if (a.positive && b.positive) return {a.package, true, a.versions | b.versions};
  if (a.positive) return {a.package, false, b.versions - a.versions};
  if (b.positive) return {a.package, false, a.versions - b.versions};
  return {a.package, false, a.versions & b.versions};
}

}  // namespace

std::vector<Term> resolvent(const Universe& universe, const std::vector<Term>& first,
                            const std::vector<Term>& second, PackageId pivot) {
  std::vector<Term> terms = first;
  for (const Term& term : second) {
    const auto same = std::ranges::find(terms, term.package, &Term::package);
    if (same == terms.end())
      terms.push_back(term);
    else
      *same = term.package == pivot ? either_holds(*same, term) : both_hold(*same, term);
  }
  std::erase_if(terms, [](const Term& term) { return !term.positive && term.versions.empty(); });
  std::ranges::sort(terms, [&](const Term& a, const Term& b) {
    return universe.name(a.package) < universe.name(b.package);
  });
  return terms;
}

}  // namespace wharf::resolver
