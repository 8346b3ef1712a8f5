// SPDX-License-Identifier: MIT
#include "fcgi-app/http/cors.hpp"

#include <algorithm>

#include "registry/config/cross_origin.hpp"

namespace wharf::http {

void Cors::add(const Request& request, Response& response) const {
  if (origins_.empty()) return;
  const bool any = lets_any_origin_in(origins_);
  // A cache must keep the answers to different origins apart, those without one too.
  if (!any) response.set("Vary", "Origin");
  const auto origin = request.header("Origin");
  if (!origin) return;
  if (any) {
    response.set("Access-Control-Allow-Origin", "*");
  } else if (std::find(origins_.begin(), origins_.end(), *origin) != origins_.end()) {
    response.set("Access-Control-Allow-Origin", std::string(*origin));
  } else {
    return;
  }
  if (request.method() == Method::options && request.header("Access-Control-Request-Method")) {
    response.set("Access-Control-Allow-Methods", std::string(response.header("Allow").value_or("")));
    response.set("Access-Control-Allow-Headers", std::string(k_allowed_headers));
    response.set("Access-Control-Max-Age", std::string(k_preflight_seconds));
  } else {
    response.set("Access-Control-Expose-Headers", std::string(k_exposed_headers));
  }
}

}  // namespace wharf::http
