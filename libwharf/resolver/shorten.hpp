// SPDX-License-Identifier: MIT
// Makes an argument shorter without making it less true: facts that say the same of different versions of a
// package ("foo 1.0.0 depends on bar =1.0.0", "foo 1.1.0 depends on bar =1.1.0", …) are put together where
// the proof still holds with the weaker fact ("foo 1.0.0 to 1.9.0 depend on bar 1.0.0 to 1.9.0"), and steps
// that are then needless fall away. Work is bounded; the result depends on nothing but the argument.
#pragma once

#include "libwharf/resolver/argument.hpp"

namespace wharf::resolver {

Argument shortened(const Argument& argument);

}  // namespace wharf::resolver
