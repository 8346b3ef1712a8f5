// SPDX-License-Identifier: MIT
// Errors as answers, in the shape of the request's dialect. The one place where an exception becomes a
// status.
//
// Only public_message and details reach the caller, and of a 500 not even these: it is always the same
// sentence, and what happened stands in the log beside the request id.
#pragma once

#include <exception>
#include <string_view>

#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"
#include "libwharf/base/error.hpp"

namespace wharf::http {

Response error_response(const Request& request, const Error& error);

// Any exception. What is not an Error is a 500; it is logged here, as every 5xx is.
Response error_response(const Request& request, const std::exception& exception);

// 405 with Allow.
Response method_not_allowed(const Request& request, std::string_view allowed);

}  // namespace wharf::http
