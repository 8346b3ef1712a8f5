// SPDX-License-Identifier: MIT
// The one table of error codes and their HTTP status. What stands here stands in the OpenAPI document too.
#pragma once

#include <string_view>

#include "libwharf/base/error.hpp"

namespace wharf::http {

int status_of(Code code);

// The words beside a status: 404 → "Not Found". An unlisted status has "Status".
std::string_view reason_phrase(int status);

}  // namespace wharf::http
