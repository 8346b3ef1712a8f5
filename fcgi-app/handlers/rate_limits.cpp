// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/rate_limits.hpp"

#include <algorithm>
#include <tuple>

#include "fcgi-app/http/errors.hpp"

namespace wharf::handlers {

namespace {

std::string whole_seconds(std::chrono::milliseconds time) {
  return std::to_string((time.count() + 999) / 1000);
}

}  // namespace

http::Response with_rate_limits(http::Response response, std::span<const QuotaState> quotas) {
  if (quotas.empty()) return response;
  const auto least = std::ranges::min_element(
      quotas, {}, [](const QuotaState& one) { return std::tuple(one.remaining, -one.full_in.count()); });
  std::string policy;
  for (const auto& one : quotas) {
    if (!policy.empty()) policy += ", ";
    policy += std::to_string(one.figure.most) + ";w=" + whole_seconds(one.figure.most * one.figure.interval) +
              ";comment=\"" + std::string(quota_name(one.quota)) + "\"";
  }
  response.set("RateLimit-Limit", std::to_string(least->figure.most));
  response.set("RateLimit-Remaining", std::to_string(least->remaining));
  response.set("RateLimit-Reset", whole_seconds(least->full_in));
  response.set("RateLimit-Policy", policy);
  return response;
}

http::Response within_quotas(const http::Request& request, const std::function<http::Response()>& call) {
  try {
    return call();
  } catch (const QuotaExceeded& exceeded) {
    return with_rate_limits(http::error_response(request, exceeded), {&exceeded.state(), 1});
  }
}

}  // namespace wharf::handlers
