// SPDX-License-Identifier: MIT
// What the person could change so that there is a solution, found by trying: every proposal has been solved
// as it stands, and does solve. First a looser or another requirement of one package that the failure names,
// then of two, then a package left out. Names that do not exist are tried as those most like them;
// prereleases are proposed where only they match.
//
//   ask for foo ^1.4.1 instead of ^2.0.0 in wharf.toml (foo 1.4.1 depends on bar ^1.0.0)
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "libwharf/resolver/solver.hpp"

namespace wharf::resolver {

// Where one of these is reached, what was found by then is what there is. Solves are counted first, so that
// the same problem gets the same answer unless a single solve is very slow.
struct Effort {
  std::size_t solves = 48;
  std::chrono::milliseconds time{200};
  std::size_t ways = 3;  // that are enough
};

// Best first; empty where none was found. What the source cannot answer now is not proposed; nothing is
// thrown.
std::vector<std::string> ways_out(Universe& universe, const Problem& problem, const Failure& failure,
                                  const Effort& effort = {});

}  // namespace wharf::resolver
