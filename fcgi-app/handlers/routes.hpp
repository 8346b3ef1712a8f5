// SPDX-License-Identifier: MIT
// The one table of all routes: method, pattern, who may call it, what it takes, and the handler.
#pragma once

#include <span>

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/application.hpp"

namespace wharf::handlers {

std::span<const http::Route<App>> routes();

}  // namespace wharf::handlers
