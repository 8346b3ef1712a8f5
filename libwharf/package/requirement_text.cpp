// SPDX-License-Identifier: MIT
// The two texts of a requirement. The portable one rewrites each comparator of fewer than three parts as
// bounds on releases, and keeps what the whole says of prereleases. Those count only where a comparator names
// one of the same triple, and a comparator of fewer than three parts treats all prereleases of one triple
// alike:
//  - where one of them refuses them, no prerelease of that triple matches, and the comparators that name it
//  matter for
//    releases only: their prereleases are dropped, and the triple is closed;
//  - where all of them accept them, the triple is open, and a lower bound that meets it is written `x.y.z-0`,
//  which is
//    below all its prereleases. An upper bound never meets an open triple.
#include <algorithm>

#include "libwharf/package/comparator.hpp"

namespace wharf {

namespace {

using Op = Comparator::Op;

constexpr std::uint64_t k_max = ~std::uint64_t{0};
constexpr Triple k_last = {k_max, k_max, k_max};

std::string_view sign(Op op) {
  switch (op) {
    case Op::exact:
      return "=";
    case Op::greater:
      return ">";
    case Op::greater_equal:
      return ">=";
    case Op::less:
      return "<";
    case Op::less_equal:
      return "<=";
    case Op::tilde:
      return "~";
    case Op::caret:
      return "^";
    case Op::wildcard:
      break;
  }
  return "";
}

std::string text_of(const Comparator& c) {
  std::string out(sign(c.op));
  out += std::to_string(c.major);
  if (c.minor) out.append(".").append(std::to_string(*c.minor));
  if (c.patch) out.append(".").append(std::to_string(*c.patch));
  if (c.op == Op::wildcard && !c.patch) out += ".*";
  if (!c.prerelease.empty()) out.append("-").append(c.prerelease);
  return out;
}

std::string joined(const std::vector<Comparator>& comparators) {
  std::string out;
  for (const auto& c : comparators) out.append(out.empty() ? "" : ", ").append(text_of(c));
  return out;
}

Comparator full(Op op, const Triple& t, std::string prerelease = {}) {
  return {op, t.major, t.minor, t.patch, std::move(prerelease)};
}

Triple triple_of(const Comparator& c) {
  return {c.major, c.minor.value_or(0), c.patch.value_or(0)};
}

// What a comparator that names a prerelease of a closed triple says of releases.
Comparator without_prerelease(const Comparator& c) {
  switch (c.op) {
    case Op::greater:
      return full(Op::greater_equal, triple_of(c));
    case Op::less_equal:
      return full(Op::less, triple_of(c));
    case Op::exact:
      return full(Op::less, {});
    default:
      return full(c.op, triple_of(c));
  }
}

bool is_partial(const Comparator& c) {
  return !c.patch;
}

// The triples whose prereleases may match.
std::vector<Triple> open_triples(const std::vector<Comparator>& comparators) {
  std::vector<Triple> open;
  for (const auto& named : comparators) {
    if (named.prerelease.empty()) continue;
    const auto any = Version::from(text_of(full(Op::wildcard, triple_of(named), "0")));
    const auto accepts = [&](const Comparator& c) { return !is_partial(c) || matches_prerelease(c, *any); };
    if (std::all_of(comparators.begin(), comparators.end(), accepts)) open.push_back(triple_of(named));
  }
  return open;
}

// Appends the bounds of what a comparator of fewer than three parts says of releases.
void add_bounds(std::vector<Comparator>& out, const Comparator& c, const std::vector<Triple>& open) {
  const auto [first, last] = releases_of(c);
  if (last < first) {
    out.push_back(full(Op::less, {}));
    return;
  }
  const std::string lowest = std::find(open.begin(), open.end(), first) != open.end() ? "0" : "";
  // `^1`, `^0.2` and `~1.2` mean the same with all three parts.
  const bool same_sign =
      c.op == Op::caret ? c.major != 0 || c.minor.value_or(0) != 0 : c.op == Op::tilde && c.minor;
  if (same_sign) {
    out.push_back(full(c.op, first, lowest));
    return;
  }
  const bool bounded_below = c.op != Op::less && c.op != Op::less_equal;
  if (bounded_below || last == k_last) out.push_back(full(Op::greater_equal, first, lowest));
  if (last == k_last) return;
  // `last` ends in a patch as high as can be: what follows it is the next minor, or the next major.
  out.push_back(full(
      Op::less, last.minor == k_max ? Triple{last.major + 1, 0, 0} : Triple{last.major, last.minor + 1, 0}));
}

}  // namespace

std::string Requirement::text() const {
  return comparators_.empty() ? "*" : joined(comparators_);
}

std::string Requirement::portable_text() const {
  if (comparators_.empty()) return ">=0.0.0";
  const auto open = open_triples(comparators_);
  std::vector<Comparator> out;
  for (const auto& c : comparators_) {
    if (is_partial(c))
      add_bounds(out, c, open);
    else if (!c.prerelease.empty() && std::find(open.begin(), open.end(), triple_of(c)) == open.end())
      out.push_back(without_prerelease(c));
    else
      out.push_back(c);
  }
  return joined(out);
}

}  // namespace wharf
