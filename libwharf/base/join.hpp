// SPDX-License-Identifier: MIT
// Texts one behind the other.
#pragma once

#include <string>
#include <string_view>

namespace wharf {

// Any range of texts, with `between` between two.
template <class Texts>
std::string joined(const Texts& texts, std::string_view between) {
  std::string whole;
  bool first = true;
  for (const auto& text : texts) {
    if (!first) whole += between;
    first = false;
    whole += text;
  }
  return whole;
}

}  // namespace wharf
