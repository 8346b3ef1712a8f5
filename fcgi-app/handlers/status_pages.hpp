// SPDX-License-Identifier: MIT
// How the registry is doing: its health, for machines.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response show_health(App& app, http::Request& request);

}  // namespace wharf::handlers
