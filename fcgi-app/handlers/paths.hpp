// SPDX-License-Identifier: MIT
// Names and versions in paths, and paths in answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::handlers {

// What a read's path names. A name in capitals and `latest` are answered by a redirect to what they stand
// for.
struct Named {
  std::string name;
  std::string version;  // empty where the route has none
  std::optional<http::Response> redirect;
};
// Error(name_invalid), Error(version_invalid) for what is not of the form, Error(not_found) for a `latest` of
// nothing.
Named named_for_reading(App& app, const http::Request& request);

// The same for writes, where the name must be as it is; `latest` is no version there.
Named named_for_writing(const http::Request& request);

// /api/v1/packages/mylib, in the base of the request's dialect.
std::string package_path(const http::Request& request, std::string_view name);
std::string version_path(const http::Request& request, std::string_view name, std::string_view version);
// With site.public_url in front, where that is known.
std::string absolute(const App& app, std::string path);

}  // namespace wharf::handlers
