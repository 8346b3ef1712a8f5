// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/search.hpp"

#include <algorithm>
#include <string>

#include "fcgi-app/handlers/package_shapes.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "registry/services/package_search.hpp"

namespace wharf::handlers {

namespace {

using json::Writer;
using search::Sort;

constexpr std::uint64_t k_suggestions = 10, k_labels = 100, k_labels_beside_results = 100;
// What lies further is never paged to; sorting so far costs more than a page is worth.
constexpr std::uint64_t k_furthest_hit = 10'000;

http::Response answer(const http::Request& request, Writer&& writer) {
  const auto etag = http::etag_of(writer.text());
  auto response = http::Response::json(200, std::move(writer));
  response.set("Cache-Control", "public, no-cache");
  return http::with_etag(request, std::move(response), etag);
}

http::Request::Page page_of(const http::Request& request, std::uint64_t limit = 20) {
  return {request.page(limit).limit, request.query_number("offset", 0, k_furthest_hit, 0)};
}

std::string text_of(const http::Request& request, std::string_view parameter) {
  return std::string(trim(request.query(parameter).value_or("")));
}

Sort sort_of(const http::Request& request, Sort otherwise) {
  const auto sort = request.query("sort");
  if (!sort || sort->empty()) return otherwise;
  if (*sort == "relevance") return Sort::relevance;
  if (*sort == "downloads" || *sort == "popular") return Sort::downloads;
  if (*sort == "recent" || *sort == "recently-updated" || *sort == "newest") return Sort::recent;
  if (*sort == "name") return Sort::name;
  throw Error(Code::bad_request,
              "'sort' is " + wharf::quoted(*sort) + "; expected relevance, downloads, recent or name")
      .with("parameter", "sort");
}

void write_items(Writer& writer, const http::Request& request, const PackageSearch::Page& page) {
  for (const auto& item : page.items) {
    begin_list_item(writer, request, json::parse(item.summary).root(), item.downloads);
    writer.member("score", item.score).end_object();
  }
}

void write_labels(Writer& writer, const std::vector<search::Label>& labels, std::uint64_t limit,
                  std::uint64_t offset) {
  writer.begin_array();
  for (std::uint64_t i = offset; i < labels.size() && i - offset < limit; ++i)
    writer.begin_object().member("name", labels[i].name).member("count", labels[i].count).end_object();
  writer.end_array();
}

// The packages of one category or keyword, the most downloaded first.
http::Response packages_under(App& app, const http::Request& request, std::string_view kind,
                              const std::string& label, search::Request wanted) {
  const auto asked = page_of(request);
  wanted.sort = sort_of(request, Sort::downloads);
  wanted.limit = asked.limit;
  wanted.offset = asked.offset;
  const auto page = app.services.search.find(wanted);
  Writer writer;
  writer.begin_object();
  writer.member(kind, label);
  writer.key("packages").begin_array();
  write_items(writer, request, page);
  writer.end_array();
  writer.member("total", page.total).member("total_is_estimate", page.total_is_estimate);
  writer.member("limit", asked.limit).member("offset", asked.offset).end_object();
  return answer(request, std::move(writer));
}

http::Response labels_answer(const http::Request& request, std::string_view key,
                             const std::vector<search::Label>& labels) {
  const auto asked = request.page(k_labels);
  Writer writer;
  if (request.rules().categories_as_array) {
    write_labels(writer, labels, asked.limit, asked.offset);
  } else {
    writer.begin_object().key(key);
    write_labels(writer, labels, asked.limit, asked.offset);
    writer.member("total", labels.size()).member("limit", asked.limit).member("offset", asked.offset);
    writer.end_object();
  }
  return answer(request, std::move(writer));
}

}  // namespace

http::Response search_packages(App& app, http::Request& request) {
  const auto& rules = request.rules();
  const auto asked = page_of(request);
  search::Request wanted;
  wanted.text = text_of(request, "q");
  wanted.category = text_of(request, "category");
  wanted.keyword = text_of(request, "keyword");
  wanted.author = text_of(request, "author");
  wanted.license = text_of(request, "license");
  wanted.sort = sort_of(request, rules.search_without_query ? Sort::downloads : Sort::relevance);
  wanted.limit = asked.limit;
  wanted.offset = asked.offset;
  const bool filtered = !wanted.category.empty() || !wanted.keyword.empty() || !wanted.author.empty() ||
                        !wanted.license.empty();
  if (wanted.text.empty() && !filtered && !rules.search_without_query)
    throw Error(Code::bad_request,
                "there is nothing to look for; give the parameter 'q', or one of category, keyword, author "
                "and license")
        .with("parameter", "q");
  const auto page = app.services.search.find(wanted);
  Writer writer;
  writer.begin_object();
  write_results(
      writer, request, [&] { write_items(writer, request, page); }, static_cast<std::int64_t>(page.total),
      page.total_is_estimate, asked);
  if (rules.search_has_categories) {
    writer.key("categories");
    write_labels(writer, app.services.search.categories(), k_labels_beside_results, 0);
  }
  writer.member("suggestion", page.suggestion).end_object();
  return answer(request, std::move(writer));
}

http::Response suggest_names(App& app, http::Request& request) {
  const auto limit = request.page(k_suggestions).limit;
  Writer writer;
  writer.begin_object();
  writer.member("suggestions", app.services.search.suggest(text_of(request, "q"), limit)).end_object();
  return answer(request, std::move(writer));
}

http::Response list_categories(App& app, http::Request& request) {
  return labels_answer(request, "categories", app.services.search.categories());
}

http::Response list_keywords(App& app, http::Request& request) {
  return labels_answer(request, "keywords", app.services.search.keywords());
}

http::Response show_category(App& app, http::Request& request) {
  const std::string& label = request.path("slug");
  search::Request wanted;
  if (request.rules().keyword_is_category) {
    std::string quoted = "\"" + label + "\"";
    std::replace(quoted.begin() + 1, quoted.end() - 1, '"', ' ');
    wanted.text = "category:" + quoted + " OR keyword:" + quoted;
  } else {
    wanted.category = label;
  }
  return packages_under(app, request, "category", label, std::move(wanted));
}

http::Response show_keyword(App& app, http::Request& request) {
  const std::string& label = request.path("slug");
  search::Request wanted;
  wanted.keyword = label;
  return packages_under(app, request, "keyword", label, std::move(wanted));
}

}  // namespace wharf::handlers
