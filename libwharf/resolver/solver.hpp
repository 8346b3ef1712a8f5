// SPDX-License-Identifier: MIT
// Chooses one version of each package that the root needs, directly or not, so that every requirement is met,
// or proves that there is no such choice: PubGrub (conflict-driven search whose learnt facts are kept as a
// proof).
//
//   - One version per package. Cycles are allowed.
//   - Yanked versions count only where `locked` names exactly them.
//   - Prereleases by Cargo's rule: only where a comparator names the same x.y.z with a prerelease.
//   - A version that wants its own package in a version that it is not, is impossible.
//   - Whoever wants the root package itself is held against the root's own version (0.0.0 where it has none).
//   - A locked version is taken wherever it is possible at the moment of choosing; nothing is forced to it.
//   - Deterministic: the same answer whatever the order of wants, and whatever the universe was used for
//   before.
//
// Every version is the highest (lowest) one that the choices made before it allow, direct wants being chosen
// first.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "libwharf/resolver/derivation.hpp"
#include "libwharf/resolver/universe.hpp"

namespace wharf::resolver {

enum class Strategy { highest, lowest };

struct Problem {
  std::string name = {};                // the root's own; may be empty
  std::optional<Version> version = {};  // the root's own, if it has one
  std::vector<Want> wants = {};         // several of one name must all be met
  std::map<std::string, Version> locked = {};
  Strategy strategy = Strategy::highest;
};

struct Solution {
  std::map<std::string, Version> versions;  // without the root; nothing that is not needed
};

// Throws what the source throws. One solve at a time in a universe.
std::variant<Solution, Failure> solve(Universe& universe, const Problem& problem);

}  // namespace wharf::resolver
