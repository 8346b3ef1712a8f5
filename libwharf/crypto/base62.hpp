// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace wharf {

inline constexpr std::string_view k_base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

}  // namespace wharf
