// SPDX-License-Identifier: MIT
// The words that made-up packages are named and described with.
#pragma once

#include <span>
#include <string_view>

namespace wharf::seed {

std::span<const std::string_view> subjects();    // "tide"
std::span<const std::string_view> things();      // "parser"
std::span<const std::string_view> manners();     // "async"
std::span<const std::string_view> purposes();    // "reading tide tables"
std::span<const std::string_view> categories();  // "science"

}  // namespace wharf::seed
