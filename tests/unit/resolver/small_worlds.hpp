// SPDX-License-Identifier: MIT
// Stories made at random: three to five packages of a few versions, some yanked, some prereleases, some wants
// of a package `ghost` that does not exist. About a third of them has no solution.
#pragma once

#include <random>
#include <string>

namespace wharf::test {

std::string small_world(std::mt19937& random);

}  // namespace wharf::test
