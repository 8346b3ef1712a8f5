// SPDX-License-Identifier: MIT
// The OpenAPI 3.1 document of the native interface, joined from four sources, so that nothing is typed twice:
// what is said of each call (docs/openapi, embedded in the program), the route table (which calls there are,
// and who may make them), the table of error codes with their status, and the registry's own address.
//
// A part's place says what it becomes: "document" holds the root's members, "paths/…" path items,
// "schemas/…", "parameters", "headers", "responses", "examples" and "security" components, and "errors" what
// is said of each error code. In a path item,
//   "errors": ["not_found", …]                      lists the codes that the call answers beside those that
//                                                   follow from the route, and becomes its error responses;
//   {"same as": "/users/me", "operationId": "…"}    is the call at another path, of the same "method" unless
//                                                   another is named.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fcgi-app/http/router.hpp"

namespace wharf::handlers {

struct OpenapiPart {
  std::string_view place;  // "paths/accounts"
  std::string_view text;   // JSON
};

// The embedded parts, by place.
std::span<const OpenapiPart> openapi_parts();

// The document as JSON. `public_url` is the registry's address without a slash at the end, or empty. A route
// of which no part speaks is left out. Parts that contradict the code (an unknown error code, `same as` of
// nothing) are a std::logic_error.
std::string openapi_document(std::span<const http::RouteSpec> routes, std::span<const OpenapiPart> parts,
                             std::string_view public_url);

}  // namespace wharf::handlers
