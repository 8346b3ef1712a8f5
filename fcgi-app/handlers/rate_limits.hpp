// SPDX-License-Identifier: MIT
// What is left of a user's quotas, in the headers of draft-ietf-httpapi-ratelimit-headers: RateLimit-Limit,
// RateLimit-Remaining and RateLimit-Reset (seconds until the quota is whole again) of the quota of which
// least is left, RateLimit-Policy of all that the call is counted in (how many, within how many seconds).
// None where nothing is limited.
#pragma once

#include <functional>
#include <span>

#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"
#include "registry/services/quotas.hpp"

namespace wharf::handlers {

http::Response with_rate_limits(http::Response response, std::span<const QuotaState> quotas);

// Runs `call`, and answers a QuotaExceeded with these headers as well.
http::Response within_quotas(const http::Request& request, const std::function<http::Response()>& call);

}  // namespace wharf::handlers
