// SPDX-License-Identifier: MIT
#include "tests/unit/resolver/small_worlds.hpp"

#include <iterator>
#include <vector>

namespace wharf::test {
namespace {

std::size_t below(std::mt19937& random, std::size_t limit) {
  return random() % limit;
}

std::string requirement(std::mt19937& random) {
  static const char* const texts[] = {"^1.0.0", "^1.1.0", "~1.1.0", "=1.1.0",  ">=1.1.0",
                                      "<1.1.0", "^2.0.0", "=1.0.0", "*",       "<2.0.0",
                                      "^3.0.0", "~1.0.0", "=1.2.0", ">=2.0.0", "=2.0.0-rc.1"};
  return texts[below(random, std::size(texts))];
}

}  // namespace

std::string small_world(std::mt19937& random) {
  static const char* const names[] = {"ape", "bee", "cat", "dog", "eel"};
  static const char* const versions[] = {"1.0.0", "1.1.0", "1.1.1", "1.2.0", "2.0.0-rc.1", "2.0.0"};
  const std::size_t packages = 3 + below(random, 3);
  const auto wants = [&](std::size_t most, bool but_the_first = false) {
    std::string list;
    std::vector<bool> taken(packages + 1);
    taken[0] = but_the_first;
    for (std::size_t n = below(random, most + 1); n > 0; --n) {
      const auto which = below(random, packages + (below(random, 6) == 0 ? 1 : 0));
      if (taken[which]) continue;
      taken[which] = true;
      list += std::string(which == packages ? "ghost" : names[which]) + ' ' + requirement(random) + "; ";
    }
    return list;
  };
  std::string text;
  for (std::size_t package = 0; package < packages; ++package) {
    for (const char* version : versions) {
      if (below(random, 3) == 0) continue;
      text += std::string(names[package]) + ' ' + version + (below(random, 9) == 0 ? " (yanked)" : "") +
              ": " + wants(3) + "\n";
    }
  }
  return text + "wharf.toml: " + names[0] + ' ' + requirement(random) + "; " + wants(2, true) + "\n";
}

}  // namespace wharf::test
