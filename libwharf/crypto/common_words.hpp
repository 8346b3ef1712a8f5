// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace wharf {

// The words that common_passwords.hpp speaks of, separated by spaces.
extern const std::string_view k_common_words;

}  // namespace wharf
