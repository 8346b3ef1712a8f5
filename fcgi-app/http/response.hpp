// SPDX-License-Identifier: MIT
// One answer. Handlers choose status, body, Cache-Control and ETag; finish() adds what every answer carries.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libwharf/json/writer.hpp"

namespace wharf::http {

class Request;

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  static Response json(int status, json::Writer&& writer);
  static Response json(int status, std::string text);  // text that is JSON already
  static Response text(int status, std::string text, std::string_view type = "text/plain; charset=utf-8");
  static Response empty(int status = 204);
  // `location` is a path or URL that is already percent-encoded.
  static Response redirect(int status, std::string location);

  // Sets a header, replacing one of the same name. A value with a control character is a fault in the
  // program.
  Response& set(std::string_view name, std::string value) &;
  Response&& set(std::string_view name, std::string value) && {
    return std::move(set(name, std::move(value)));
  }
  std::optional<std::string_view> header(std::string_view name) const;
};

// A strong ETag of the content: half of its SHA-256, in quotes.
std::string etag_of(std::string_view content);

// If-None-Match by weak comparison (RFC 9110 §13.1.2), "*" included.
bool matches_if_none_match(const Request& request, std::string_view etag);

// The answer with its ETag, or 304 without a body where the caller has it already. For GET and HEAD.
Response with_etag(const Request& request, Response response, std::string etag);

// X-Request-Id, nosniff, Cache-Control: no-store where the handler chose none, and the body's length.
void finish(const Request& request, Response& response);

// As FastCGI writes it: `Status: 200 OK`, headers, empty line. The body follows, but not on HEAD, 204 and
// 304.
std::string render_head(const Response& response);
bool sends_body(const Request& request, const Response& response);

}  // namespace wharf::http
