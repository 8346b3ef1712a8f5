// SPDX-License-Identifier: MIT
// How the resolver's tests ask and compare: problems and answers as short texts, and a judge of proofs.
#pragma once

#include <string>
#include <vector>

#include "libwharf/resolver/solver.hpp"
#include "tests/support/package_table.hpp"

namespace wharf::test {

// {"a ^1.2", "b *"} as wants.
resolver::Problem problem_of(const std::vector<std::string>& wants);

// "a 1.2.0, b 2.0.0", sorted; "no solution" where there is none. Fails the test where the validator finds a
// fault in a solution, or a proof does not hold.
std::string solved(resolver::Universe& universe, const resolver::Problem& problem);
std::string solved(PackageTable& table, const resolver::Problem& problem);
std::string solved_for(PackageTable& table, const std::vector<std::string>& wants);

// The failure of a problem that has no solution; fails the test where it has one.
resolver::Failure failure_of(resolver::Universe& universe, const resolver::Problem& problem);

// What is wrong with a proof; empty where each fact is true of the source, each step follows, the last says
// that nothing can be, and nothing is superfluous.
std::string flaw_of(resolver::Universe& universe, const resolver::Problem& problem,
                    const resolver::Failure& failure);

}  // namespace wharf::test
