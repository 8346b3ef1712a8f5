// SPDX-License-Identifier: MIT
// Packages and versions in the shapes of the dialects, made from what is stored.
#pragma once

#include <functional>
#include <string>

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/json/writer.hpp"
#include "registry/services/catalogue.hpp"

namespace wharf::handlers {

// A package's stored document, which is the native answer, in the dialect of the request.
std::string shape_package(const http::Request& request, std::string document);

// One version in full; the same members in every dialect, unknown texts as each wants them.
void write_version(json::Writer& writer, const App& app, const http::Request& request,
                   const Catalogue::VersionView& view);

// A package in a list, from its stored summary; the object is left open, for what a list adds to it.
void begin_list_item(json::Writer& writer, const http::Request& request, json::Value summary,
                     std::int64_t downloads);
inline void write_list_item(json::Writer& writer, const http::Request& request, json::Value summary,
                            std::int64_t downloads) {
  begin_list_item(writer, request, summary, downloads);
  writer.end_object();
}

// A list of found or chosen packages as the members that its dialect reads: `results`, `packages`, or both;
// then `total`, `total_is_estimate`, `limit` and `offset`. `write_items` writes the items of the array, once
// for each.
void write_results(json::Writer& writer, const http::Request& request,
                   const std::function<void()>& write_items, std::int64_t total, bool total_is_estimate,
                   const http::Request::Page& page);

// A text that may be unknown: null, or "" where the dialect's client breaks on null.
void write_text(json::Writer& writer, const http::DialectRules& rules, std::string_view key,
                const std::optional<std::string>& text);

}  // namespace wharf::handlers
