// SPDX-License-Identifier: MIT
// Lists of packages that nobody searched for.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response list_packages(App& app, http::Request& request);
http::Response list_recent(App& app, http::Request& request);
http::Response list_popular(App& app, http::Request& request);
http::Response list_trending(App& app, http::Request& request);

}  // namespace wharf::handlers
