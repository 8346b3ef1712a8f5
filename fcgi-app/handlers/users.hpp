// SPDX-License-Identifier: MIT
// Accounts as they are shown: one's own, and anyone's.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response show_me(App& app, http::Request& request);
http::Response show_user(App& app, http::Request& request);

}  // namespace wharf::handlers
