// SPDX-License-Identifier: MIT
// API tokens of the signed-in account.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response list_tokens(App& app, http::Request& request);
http::Response create_token(App& app, http::Request& request);
http::Response revoke_token(App& app, http::Request& request);

}  // namespace wharf::handlers
