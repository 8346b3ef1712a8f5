// SPDX-License-Identifier: MIT
// Packages and versions in the shapes of the dialects, made from what is stored.
#pragma once

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

// A package in a list, from its stored summary.
void write_list_item(json::Writer& writer, const http::Request& request, json::Value summary,
                     std::int64_t downloads);

// A text that may be unknown: null, or "" where the dialect's client breaks on null.
void write_text(json::Writer& writer, const http::DialectRules& rules, std::string_view key,
                const std::optional<std::string>& text);

}  // namespace wharf::handlers
