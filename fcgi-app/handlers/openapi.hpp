// SPDX-License-Identifier: MIT
// GET /openapi.json: the document of the interface.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response show_openapi(App& app, http::Request& request);

}  // namespace wharf::handlers
