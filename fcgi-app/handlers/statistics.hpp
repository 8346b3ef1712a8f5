// SPDX-License-Identifier: MIT
// Figures of the registry and of a package, and who depends on it.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response show_statistics(App& app, http::Request& request);
http::Response show_package_statistics(App& app, http::Request& request);
http::Response list_dependents(App& app, http::Request& request);

}  // namespace wharf::handlers
