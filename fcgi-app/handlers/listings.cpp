// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/listings.hpp"

#include <cmath>
#include <functional>
#include <vector>

#include "fcgi-app/handlers/package_shapes.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "registry/services/listings.hpp"
#include "registry/services/trending.hpp"

namespace wharf::handlers {

namespace {

using Order = Listings::Order;

http::Response revalidated(json::Writer writer) {
  return http::Response::json(200, std::move(writer)).set("Cache-Control", "public, no-cache");
}

// Where nobody searched, every package fits as well as the next.
constexpr int k_score_of_all = 1;

http::Response results(App& app, http::Request& request, Order order) {
  const auto page = request.page();
  const auto listing = app.services.listings.page(order, page.limit, page.offset);
  json::Writer writer;
  writer.begin_object();
  const auto write_items = [&] {
    for (const auto& package : listing.packages) {
      const auto summary = json::parse(package.summary);
      begin_list_item(writer, request, summary.root(), package.downloads);
      writer.member("score", k_score_of_all).end_object();
    }
  };
  write_results(writer, request, write_items, listing.total, false, page);
  writer.end_object();
  return revalidated(std::move(writer));
}

// Before all time there was nothing that it could be compared with.
constexpr double k_usual = 1;

struct Risen {
  std::string summary;
  std::int64_t downloads, recent;
  double trend;
};

double rounded(double score) {
  return std::round(score * 1000) / 1000;
}

}  // namespace

http::Response list_packages(App& app, http::Request& request) {
  const auto page = request.page();
  const auto sort = request.query("sort").value_or("name");
  Order order;
  if (sort == "name") {
    order = Order::name;
  } else if (sort == "downloads" || sort == "popular") {
    order = Order::downloads;
  } else if (sort == "recent" || sort == "recently-updated" || sort == "newest") {
    order = Order::recent;
  } else {
    throw Error(Code::bad_request,
                "'sort' is " + wharf::quoted(sort) + "; expected name, downloads or recent")
        .with("parameter", "sort");
  }
  const auto listing = app.services.listings.page(order, page.limit, page.offset);
  json::Writer writer;
  writer.begin_object().key("packages").begin_array();
  for (const auto& package : listing.packages)
    write_list_item(writer, request, json::parse(package.summary).root(), package.downloads);
  writer.end_array();
  writer.member("total", listing.total).member("limit", page.limit).member("offset", page.offset);
  writer.end_object();
  return revalidated(std::move(writer));
}

http::Response list_recent(App& app, http::Request& request) {
  return results(app, request, Order::recent);
}

http::Response list_popular(App& app, http::Request& request) {
  return results(app, request, Order::downloads);
}

http::Response list_trending(App& app, http::Request& request) {
  const auto page = request.page();
  const auto period = request.query("period").value_or("week");
  if (period != "week" && period != "month" && period != "all")
    throw Error(Code::bad_request, "'period' is " + wharf::quoted(period) + "; expected week, month or all")
        .with("parameter", "period");
  std::vector<Risen> risen;
  std::int64_t total = 0;
  if (period == "all") {
    auto listing = app.services.listings.page(Order::downloads, page.limit, page.offset);
    total = listing.total;
    for (auto& package : listing.packages)
      risen.push_back({std::move(package.summary), package.downloads, package.downloads, k_usual});
  } else {
    auto trending = app.services.trending.page(period == "week" ? TrendPeriod::week : TrendPeriod::month,
                                               page.limit, page.offset);
    total = trending.total;
    for (auto& package : trending.packages)
      risen.push_back({std::move(package.summary), package.downloads, package.trend.recent,
                       rounded(trend_score(package.trend))});
  }
  json::Writer writer;
  writer.begin_object();
  const auto write_items = [&] {
    for (const auto& package : risen) {
      const auto summary = json::parse(package.summary);
      begin_list_item(writer, request, summary.root(), package.downloads);
      writer.member("score", k_score_of_all).member("downloads_period", package.recent);
      writer.member("trend_score", package.trend).end_object();
    }
  };
  write_results(writer, request, write_items, total, false, page);
  if (request.rules().trending_has_packages) {
    writer.key("packages").begin_array();
    write_items();
    writer.end_array();
  }
  writer.end_object();
  return revalidated(std::move(writer));
}

}  // namespace wharf::handlers
