// SPDX-License-Identifier: MIT
// What a page of another origin is told (Fetch standard, CORS). The workers and nginx both say it, and say
// the same, since either may answer a call.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace wharf {

// The headers of answers that a page may read, beside those that it always may.
inline constexpr std::string_view k_exposed_headers =
    "Allow, Content-Disposition, Content-Range, ETag, Link, Location, RateLimit-Limit, RateLimit-Policy, "
    "RateLimit-Remaining, RateLimit-Reset, Retry-After, WWW-Authenticate, Wharf-Visible, X-Request-Id";

// The headers of requests that a page may send, beside those that it always may.
inline constexpr std::string_view k_allowed_headers =
    "Authorization, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range, X-Checksum-SHA256, "
    "X-Force";

// Seconds for which a browser may remember the answer to a preflight; no browser remembers it for longer.
inline constexpr std::string_view k_preflight_seconds = "7200";

// Whether the origins that were configured are all there are.
inline bool lets_any_origin_in(const std::vector<std::string>& origins) {
  return std::find(origins.begin(), origins.end(), "*") != origins.end();
}

}  // namespace wharf
