// SPDX-License-Identifier: MIT
// Reading packages and their versions.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response show_package(App& app, http::Request& request);
http::Response show_version(App& app, http::Request& request);
http::Response list_versions(App& app, http::Request& request);
http::Response show_readme(App& app, http::Request& request);

// What nginx serves from the public tree, asked for because the file is not there: a redirect for `latest`
// and for names in capitals, 404 for what does not exist, and 503 with Retry-After for what the clerk has yet
// to show. The bytes themselves are never served from here: a commit that the clerk has not made durable
// could still be lost in a crash.
http::Response tarball_fallback(App& app, http::Request& request);
http::Response index_fallback(App& app, http::Request& request);
http::Response whole_index_fallback(App& app, http::Request& request);

}  // namespace wharf::handlers
