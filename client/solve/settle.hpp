// SPDX-License-Identifier: MIT
// Solving so that as little as possible moves.
//
// The solver prefers what is locked, but prefers it package by package, in the order in which it comes to
// them. So its answer is taken as a beginning, and whatever moved in it is tried in its old place again, with
// everything that is at rest held fast: what still moves in the end cannot stay without something else moving
// in its stead.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "libwharf/resolver/solver.hpp"
#include "libwharf/resolver/universe.hpp"

namespace wharf::client {

// `freed`: packages whose locked versions count for nothing, and which take the highest version (the lowest,
// by that strategy) that any answer can have, one after the other. A failure is one of the problem itself,
// without anything held fast. The answer holds what the root's wants lead to and nothing else.
std::variant<resolver::Solution, resolver::Failure> settle(resolver::Source& source,
                                                           resolver::Universe& universe,
                                                           const resolver::Problem& problem,
                                                           std::span<const std::string> freed = {});

}  // namespace wharf::client
