// SPDX-License-Identifier: MIT
#include "libwharf/package/comparator.hpp"

#include <compare>

namespace wharf {

namespace {

using Op = Comparator::Op;

constexpr std::uint64_t k_max = ~std::uint64_t{0};
constexpr ReleaseRange k_no_release = {{1, 0, 0}, {0, 0, 0}};

// What the numbers of a comparator stand for: `1.2` for 1.2.0 to 1.2.(2^64-1), `1.2.3` for itself.
ReleaseRange numbers_of(const Comparator& c) {
  return {{c.major, c.minor.value_or(0), c.patch.value_or(0)},
          {c.major, c.minor.value_or(k_max), c.patch.value_or(k_max)}};
}

ReleaseRange after(const Triple& t) {
  if (t.patch != k_max) return {{t.major, t.minor, t.patch + 1}};
  if (t.minor != k_max) return {{t.major, t.minor + 1, 0}};
  if (t.major != k_max) return {{t.major + 1, 0, 0}};
  return k_no_release;
}

ReleaseRange before(const Triple& t) {
  if (t.patch != 0) return {{}, {t.major, t.minor, t.patch - 1}};
  if (t.minor != 0) return {{}, {t.major, t.minor - 1, k_max}};
  if (t.major != 0) return {{}, {t.major - 1, k_max, k_max}};
  return k_no_release;
}

// -1, 0, 1: the version before, among or after what the comparator's numbers stand for.
int place(const Version& v, const Comparator& c) {
  if (v.major() != c.major) return v.major() < c.major ? -1 : 1;
  if (!c.minor || v.minor() == *c.minor) {
    if (!c.minor || !c.patch || v.patch() == *c.patch) return 0;
    return v.patch() < *c.patch ? -1 : 1;
  }
  return v.minor() < *c.minor ? -1 : 1;
}

}  // namespace

ReleaseRange releases_of(const Comparator& c) {
  const ReleaseRange numbers = numbers_of(c);
  const bool prerelease = !c.prerelease.empty();
  switch (c.op) {
    case Op::exact:
    case Op::wildcard:
      return prerelease ? k_no_release : numbers;
    case Op::greater:
      return prerelease ? ReleaseRange{numbers.first} : after(numbers.last);
    case Op::greater_equal:
      return {numbers.first};
    case Op::less:
      return before(numbers.first);
    case Op::less_equal:
      return prerelease ? before(numbers.first) : ReleaseRange{{}, numbers.last};
    case Op::tilde:
      return {numbers.first, {c.major, c.minor.value_or(k_max), k_max}};
    case Op::caret:
      // The leftmost part that is not 0 stays; where all given parts are 0, all of them stay.
      if (c.major != 0 || !c.minor) return {numbers.first, {c.major, k_max, k_max}};
      if (*c.minor != 0 || !c.patch) return {numbers.first, {0, *c.minor, k_max}};
      return numbers;
  }
  return k_no_release;
}

bool matches_prerelease(const Comparator& c, const Version& v) noexcept {
  const int where = place(v, c);
  const auto order =
      where == 0 && c.patch ? compare_prereleases(v.prerelease(), c.prerelease) : std::strong_ordering::equal;
  const bool here = where == 0 && c.patch;
  switch (c.op) {
    case Op::exact:
    case Op::wildcard:
      return here && std::is_eq(order);
    case Op::greater:
      return where > 0 || (here && std::is_gt(order));
    case Op::greater_equal:
      return where > 0 || (here && std::is_gteq(order));
    case Op::less:
      return where < 0 || (here && std::is_lt(order));
    case Op::less_equal:
      return where < 0 || (here && std::is_lteq(order));
    case Op::tilde:
      return c.patch && v.major() == c.major && v.minor() == *c.minor &&
             (where > 0 || (here && std::is_gteq(order)));
    case Op::caret:
      if (v.major() != c.major) return false;
      if (!c.minor) return true;
      if (!c.patch) return c.major > 0 ? v.minor() >= *c.minor : v.minor() == *c.minor;
      if (c.major == 0 && v.minor() != *c.minor) return false;
      if (c.major == 0 && *c.minor == 0 && where != 0) return false;
      return where > 0 || (here && std::is_gteq(order));
  }
  return false;
}

}  // namespace wharf
