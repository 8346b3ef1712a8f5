// SPDX-License-Identifier: MIT
// The one table of error codes and their HTTP status. What stands here stands in the OpenAPI document too.
#pragma once

#include <string_view>

#include "fcgi-app/http/dialect.hpp"
#include "libwharf/base/error.hpp"

namespace wharf::http {

int status_of(Code code);
// In a dialect, which may have a status of its own for a code.
int status_of(Code code, const DialectRules& rules);

// The words beside a status: 404 → "Not Found". An unlisted status has "Status".
std::string_view reason_phrase(int status);

}  // namespace wharf::http
