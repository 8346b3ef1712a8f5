// SPDX-License-Identifier: MIT
// GET …/search, /suggest, /categories and /keywords, and the packages of one of these.
#pragma once

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

http::Response search_packages(App& app, http::Request& request);
http::Response suggest_names(App& app, http::Request& request);
http::Response list_categories(App& app, http::Request& request);
http::Response show_category(App& app, http::Request& request);
http::Response list_keywords(App& app, http::Request& request);
http::Response show_keyword(App& app, http::Request& request);

}  // namespace wharf::handlers
