// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/paths.hpp"

#include "libwharf/base/text.hpp"
#include "libwharf/package/name.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::handlers {

namespace {

// The value of a pattern's parameter, nothing where the route does not have it.
const std::string* param(const http::Request& request, std::string_view name) {
  for (const auto& [key, value] : request.matched.params)
    if (key == name) return &value;
  return nullptr;
}

// The request's own target with name and version replaced: base, ending and query stay.
std::string same_target(const http::Request& request, const std::string& name, const std::string& version) {
  const auto& target = request.target();
  const std::size_t first = target.base.segments + 1;  // after "packages"
  std::string path;
  for (std::size_t i = 0; i < target.segments.size(); ++i) {
    std::string segment = target.segments[i];
    if (i == first) segment = name;
    if (i == first + 1 && !version.empty())
      segment = version + (segment.ends_with(".tar.gz") ? ".tar.gz" : "");
    path += "/" + http::percent_encode(segment);
  }
  if (const auto mark = request.raw_uri().find('?'); mark != std::string::npos)
    path += request.raw_uri().substr(mark);
  return path;
}

}  // namespace

Named named_for_reading(App& app, const http::Request& request) {
  Named named;
  const std::string& asked = request.path("name");
  named.name = fold(asked);
  require_package_name(named.name);
  const std::string* version = param(request, "version");
  bool redirect = named.name != asked;
  if (version != nullptr) {
    named.version = *version;
    if (named.version == "latest") {
      named.version = app.services.catalogue.latest_version(named.name);
      redirect = true;
    } else {
      parse_version(named.version);
    }
  }
  if (redirect) {
    named.redirect = http::Response::redirect(302, same_target(request, named.name, named.version));
    named.redirect->set("Cache-Control", "no-cache");
  }
  return named;
}

Named named_for_writing(const http::Request& request) {
  Named named;
  named.name = request.path("name");
  require_package_name(named.name);
  if (const std::string* version = param(request, "version")) {
    named.version = *version;
    parse_publishable_version(named.version);
  }
  return named;
}

std::string package_path(const http::Request& request, std::string_view name) {
  return std::string(request.rules().base) + "/packages/" + std::string(name);
}

std::string version_path(const http::Request& request, std::string_view name, std::string_view version) {
  return package_path(request, name) + "/" + std::string(version);
}

std::string absolute(const App& app, std::string path) {
  return app.config.site.public_url + path;
}

}  // namespace wharf::handlers
