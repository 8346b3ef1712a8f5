// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace wharf {

// Bytes of the system's cryptographic generator; throws internal_error where there are none.
std::string random_bytes(std::size_t count);
// `count` characters of [0-9A-Za-z], each equally likely.
std::string random_base62(std::size_t count);

}  // namespace wharf
