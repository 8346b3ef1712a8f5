// SPDX-License-Identifier: MIT
// Who may do what with a package: list, add or change a role, remove.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response list_owners(App& app, http::Request& request);
// Who is named without a role becomes an owner.
http::Response add_owner(App& app, http::Request& request);
http::Response remove_owner(App& app, http::Request& request);

}  // namespace wharf::handlers
