// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/statistics.hpp"

#include "fcgi-app/handlers/freshness.hpp"
#include "fcgi-app/handlers/paths.hpp"
#include "libwharf/base/time.hpp"
#include "registry/services/statistics.hpp"

namespace wharf::handlers {

namespace {

http::Response revalidated(const http::Request& request, json::Writer writer) {
  const auto etag = http::etag_of(writer.text());
  auto response = http::Response::json(200, std::move(writer));
  response.set("Cache-Control", "public, no-cache");
  return http::with_etag(request, std::move(response), etag);
}

}  // namespace

http::Response show_statistics(App& app, http::Request& request) {
  const auto& overview = app.services.statistics.overview(counts_for(request));
  const std::string at = to_rfc3339(overview.at);
  const auto& totals = overview.totals;
  json::Writer writer;
  writer.begin_object();
  writer.member("timestamp", at).member("updated_at", at);
  writer.key("packages").begin_object();
  writer.member("total", totals.listed).member("versions", totals.versions);
  writer.member("downloads", overview.downloads).end_object();
  writer.member("total_packages", totals.listed).member("total_versions", totals.versions);
  writer.member("total_downloads", overview.downloads).member("total_users", overview.users);
  writer.key("top_packages").begin_array();
  for (const auto& package : overview.top) {
    writer.begin_object();
    writer.member("name", package.name).member("downloads", package.downloads);
    writer.end_object();
  }
  writer.end_array().end_object();
  return http::Response::json(200, std::move(writer)).set("Cache-Control", "public, no-cache");
}

http::Response show_package_statistics(App& app, http::Request& request) {
  auto named = named_for_reading(app, request);
  if (named.redirect) return std::move(*named.redirect);
  const auto days =
      static_cast<int>(request.query_number("days", 1, Statistics::k_most_days, Statistics::k_default_days));
  const auto figures = app.services.statistics.of_package(named.name, days);
  json::Writer writer;
  writer.begin_object();
  writer.member("name", named.name).key("downloads").begin_object();
  writer.member("total", figures.total).member("last_week", figures.week);
  writer.member("last_month", figures.month).member("last_year", figures.year);
  writer.key("daily").begin_array();
  for (const auto& [day, count] : figures.daily) {
    writer.begin_object();
    writer.member("date", day).member("count", count);
    writer.end_object();
  }
  writer.end_array().end_object();
  writer.member("versions_count", figures.versions).member("dependents_count", figures.dependents);
  writer.member("updated_at", to_rfc3339(figures.updated_at)).end_object();
  return revalidated(request, std::move(writer));
}

http::Response list_dependents(App& app, http::Request& request) {
  auto named = named_for_reading(app, request);
  if (named.redirect) return std::move(*named.redirect);
  const auto page = request.page();
  const auto dependents = app.services.statistics.dependents(named.name, page.limit, page.offset);
  json::Writer writer;
  writer.begin_object().key("dependents").begin_array();
  for (const auto& dependent : dependents.packages) {
    writer.begin_object();
    writer.member("name", dependent.package).member("version", dependent.version);
    writer.member("requirement", dependent.requirement).member("kind", dependent.kind);
    writer.end_object();
  }
  writer.end_array().member("total", dependents.total);
  writer.member("limit", page.limit).member("offset", page.offset).end_object();
  return revalidated(request, std::move(writer));
}

}  // namespace wharf::handlers
