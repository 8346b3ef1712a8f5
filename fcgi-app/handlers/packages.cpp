// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/packages.hpp"

#include "fcgi-app/handlers/package_shapes.hpp"
#include "fcgi-app/handlers/paths.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::handlers {

namespace {

constexpr std::string_view k_revalidate = "public, no-cache";

// Revisions of a journal that was restored could come twice; the moment of the change tells them apart.
// Counts change without either, and those of the week and month with the day alone.
std::string package_etag(const http::Request& request, std::uint64_t revision, Time updated_at,
                         const DownloadCounts& downloads) {
  return "\"" + std::to_string(revision) + "-" + std::to_string(unix_milliseconds(updated_at)) + "-" +
         std::to_string(downloads.total) + "-" + std::to_string(downloads.month) + "-" +
         std::to_string(downloads.week) + "-" + std::string(request.rules().name) + "\"";
}

Error not_shown_yet(const std::string& what) {
  return Error(Code::unavailable,
               what + " has just been published and is not in its place yet; please try again in a second")
      .retry_in(1);
}

}  // namespace

http::Response show_package(App& app, http::Request& request) {
  auto named = named_for_reading(app, request);
  if (named.redirect) return std::move(*named.redirect);
  // Whoever has the answer already is not made to wait for the document, which may be large.
  if (request.header("If-None-Match")) {
    const auto [stamp, downloads] = app.services.catalogue.stamp(named.name);
    const auto etag = package_etag(request, stamp.revision, stamp.updated_at, downloads);
    if (http::matches_if_none_match(request, etag))
      return http::with_etag(request, http::Response::json(200, std::string()), etag);
  }
  auto [row, downloads] = app.services.catalogue.package(named.name);
  const auto etag = package_etag(request, row.revision, row.updated_at, downloads);
  auto response = http::Response::json(200, shape_package(request, std::move(row.document)));
  response.set("Cache-Control", std::string(k_revalidate));
  return http::with_etag(request, std::move(response), etag);
}

http::Response show_version(App& app, http::Request& request) {
  auto named = named_for_reading(app, request);
  if (named.redirect) return std::move(*named.redirect);
  json::Writer writer;
  write_version(writer, app, request, app.services.catalogue.version(named.name, named.version));
  const auto etag = http::etag_of(writer.text());
  auto response = http::Response::json(200, std::move(writer));
  response.set("Cache-Control", std::string(k_revalidate));
  return http::with_etag(request, std::move(response), etag);
}

http::Response list_versions(App& app, http::Request& request) {
  auto named = named_for_reading(app, request);
  if (named.redirect) return std::move(*named.redirect);
  const auto include = request.query("include");
  if (include && *include != "yanked")
    throw Error(Code::bad_request,
                "'include' is " + wharf::quoted(*include) + "; the only thing to include is yanked")
        .with("parameter", "include");
  json::Writer writer;
  writer.begin_object();
  writer.member("name", named.name)
      .member("versions", app.services.catalogue.versions(named.name, include.has_value()));
  writer.end_object();
  const auto etag = http::etag_of(writer.text());
  auto response = http::Response::json(200, std::move(writer));
  response.set("Cache-Control", std::string(k_revalidate));
  return http::with_etag(request, std::move(response), etag);
}

http::Response show_readme(App& app, http::Request& request) {
  auto named = named_for_reading(app, request);
  if (named.redirect) return std::move(*named.redirect);
  auto readme = app.services.catalogue.readme(named.name, named.version);
  const auto etag = http::etag_of(readme.content);
  const bool markdown = readme.file.ends_with(".md");
  auto response =
      http::Response::text(200, std::move(readme.content),
                           markdown ? "text/markdown; charset=utf-8" : "text/plain; charset=utf-8");
  response.set("Cache-Control", std::string(k_revalidate));
  return http::with_etag(request, std::move(response), etag);
}

http::Response tarball_fallback(App& app, http::Request& request) {
  auto named = named_for_reading(app, request);
  if (named.redirect) return std::move(*named.redirect);
  const auto view = app.services.catalogue.version(named.name, named.version);
  throw not_shown_yet(view.manifest.name + " " + view.row.version);
}

http::Response index_fallback(App& app, http::Request& request) {
  auto named = named_for_reading(app, request);
  if (named.redirect) return std::move(*named.redirect);
  app.services.catalogue.stamp(named.name);
  throw not_shown_yet("package " + wharf::quoted(named.name));
}

http::Response whole_index_fallback(App& app, http::Request&) {
  if (!app.config.site.whole_index)
    throw Error(Code::not_found,
                "this registry keeps no index of all packages; ask for /packages/{name}/index.json");
  throw Error(Code::unavailable,
              "the index of all packages is not in its place yet; please try again in a second")
      .retry_in(1);
}

}  // namespace wharf::handlers
