// SPDX-License-Identifier: MIT
// A second opinion of a solution, which shares nothing with the solver but versions and requirements: to be
// asked before anything is written.
#pragma once

#include <string>
#include <vector>

#include "libwharf/resolver/solver.hpp"

namespace wharf::resolver {

// A sentence for each fault: a want that is not met, a version that does not exist or is yanked and not
// locked, a package that nobody needs. Empty: the solution is right.
std::vector<std::string> faults_of(Source& source, const Problem& problem, const Solution& solution);

}  // namespace wharf::resolver
