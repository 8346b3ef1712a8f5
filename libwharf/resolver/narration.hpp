// SPDX-License-Identifier: MIT
// An argument told from its facts to its conclusion, a sentence for each step or two: "Because A and B, C.
// And because D, E." What is used twice has a number. Told in this order, each sentence rests on facts, on
// the sentence before it, and on sentences with numbers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libwharf/resolver/argument.hpp"

namespace wharf::resolver {

struct Sentence {
  std::size_t number = 0;            // 0: nothing refers to it
  bool goes_on = false;              // it rests on the sentence before it, too
  std::size_t steps = 0;             // that many steps between the one before it and this one are not told
  std::vector<std::string> because;  // clauses; none: it follows from the two sentences before it
  std::string therefore;
  std::string text() const;  // without the number
};

// `pieces` as in Clauses.
std::vector<Sentence> narrated(const Argument& argument, std::size_t pieces);

}  // namespace wharf::resolver
