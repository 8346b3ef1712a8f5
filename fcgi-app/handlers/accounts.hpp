// SPDX-License-Identifier: MIT
// Registering, signing in and out, and the password.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response register_account(App& app, http::Request& request);
http::Response login(App& app, http::Request& request);
http::Response verify_token(App& app, http::Request& request);
http::Response refresh_session(App& app, http::Request& request);
http::Response logout(App& app, http::Request& request);
http::Response change_password(App& app, http::Request& request);

}  // namespace wharf::handlers
