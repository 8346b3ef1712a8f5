// SPDX-License-Identifier: MIT
// A request that carries a token sees every change that came before it; all others may share what is a second
// old. The answer to a change says whether they see it already.
#pragma once

#include <utility>

#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"
#include "registry/services/statistics.hpp"

namespace wharf::handlers {

inline Statistics::Counts counts_for(const http::Request& request) {
  return request.header("Authorization") ? Statistics::Counts::exact : Statistics::Counts::a_second_old;
}

inline http::Response with_visibility(http::Response response, bool visible) {
  response.set("Wharf-Visible", visible ? "yes" : "pending");
  response.set("Cache-Control", "no-store");
  return response;
}

}  // namespace wharf::handlers
