// SPDX-License-Identifier: MIT
// Why a project cannot be resolved, in prose: for the person who has to change something. Each sentence is
// true by itself of the versions that may be chosen (a yanked version that no lock names does not exist here;
// ranges of versions are told against those that do, and run over releases unless a prerelease was asked
// for).
//
// The short form has at most six lines: the whole derivation where that has no more, else its essential chain
// and a last line that says how many steps were left out.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libwharf/resolver/derivation.hpp"

namespace wharf::resolver {

inline constexpr std::size_t k_short_lines = 6;

struct Explanation {
  std::vector<std::string>
      lines;                 // a sentence each; where some have numbers, "(1) " or as much space before it
  std::size_t steps = 0;     // of the whole derivation, as shortened
  std::size_t left_out = 0;  // of them, not told
};

// Deterministic. The source is asked for names like those that do not exist, and for nothing else.
Explanation explanation_of(Universe& universe, const Failure& failure, bool whole);

// Its lines, one below the other, without a newline at the end.
std::string explain(Universe& universe, const Failure& failure, bool whole);

}  // namespace wharf::resolver
