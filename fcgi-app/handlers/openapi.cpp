// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/openapi.hpp"

#include <vector>

#include "fcgi-app/handlers/openapi_document.hpp"
#include "fcgi-app/handlers/routes.hpp"

namespace wharf::handlers {

namespace {

struct Joined {
  std::string public_url, text, etag;
};

// Joined once in a worker's life: nothing that it is made of changes before the next start.
const Joined& joined(const std::string& public_url) {
  static Joined document;
  if (document.text.empty() || document.public_url != public_url) {
    std::vector<http::RouteSpec> specs;
    for (const auto& route : routes()) specs.push_back(route.spec);
    std::string text = openapi_document(specs, openapi_parts(), public_url);
    std::string etag = http::etag_of(text);
    document = {public_url, std::move(text), std::move(etag)};
  }
  return document;
}

}  // namespace

http::Response show_openapi(App& app, http::Request& request) {
  const Joined& document = joined(app.config.site.public_url);
  auto response = http::Response::json(200, document.text);
  response.set("Cache-Control", "public, max-age=300");
  return http::with_etag(request, std::move(response), document.etag);
}

}  // namespace wharf::handlers
