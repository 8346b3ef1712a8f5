// SPDX-License-Identifier: MIT
// Publishing versions, and what is done to them afterwards.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response publish_raw(App& app, http::Request& request);   // PUT /packages/{name}/{version}
http::Response publish_form(App& app, http::Request& request);  // POST /packages, /packages/publish
http::Response delete_version(App& app, http::Request& request);
http::Response yank_version(App& app, http::Request& request);
http::Response unyank_version(App& app, http::Request& request);

}  // namespace wharf::handlers
