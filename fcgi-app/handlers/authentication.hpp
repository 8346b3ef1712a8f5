// SPDX-License-Identifier: MIT
// Runs before each handler and looks at Authorization, as the route's row says: not at all where anyone may
// call (a bad token on a read is ignored), else Error(unauthorized), Error(forbidden) or Error(scope_missing)
// before a byte of the body is read. Which packages a token is for, and what its user may, is the services'
// question.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/router.hpp"

namespace wharf::handlers {

void authenticate(App& app, http::Request& request, const http::RouteSpec& route);

// Where the request comes from, for the audit log.
Origin origin_of(const http::Request& request);

}  // namespace wharf::handlers
