// SPDX-License-Identifier: MIT
// The essential chain of a long argument: what clashes at its bottom, what makes that the project's concern
// at its top, and between them the number of steps that are not told. Every claim that stays is one of the
// whole argument, so it is as true as there.
#pragma once

#include "libwharf/resolver/argument.hpp"

namespace wharf::resolver {

struct Abridged {
  Argument argument;
  std::size_t left_out = 0;  // steps of the whole argument that are not told
};

// So much of it as can be told in `sentences` (at least 3); the whole if that can. Depends on the argument
// alone.
Abridged abridged(const Argument& argument, std::size_t sentences, std::size_t pieces);

}  // namespace wharf::resolver
