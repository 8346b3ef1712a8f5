// SPDX-License-Identifier: MIT
#include "fcgi-app/http/response.hpp"

#include <stdexcept>

#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/status.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::http {

namespace {

std::string_view without_weakness(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  return etag;
}

bool may_have_body(int status) {
  return status != 204 && status != 304;
}

bool is_reading(const Request& request) {
  return request.method() == Method::get || request.method() == Method::head;
}

}  // namespace

Response Response::json(int status, json::Writer&& writer) {
  return json(status, writer.take());
}

Response Response::json(int status, std::string text) {
  return Response::text(status, std::move(text), "application/json; charset=utf-8");
}

Response Response::text(int status, std::string text, std::string_view type) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  response.set("Content-Type", std::string(type));
  return response;
}

Response Response::empty(int status) {
  Response response;
  response.status = status;
  return response;
}

Response Response::redirect(int status, std::string location) {
  return empty(status).set("Location", std::move(location));
}

Response& Response::set(std::string_view name, std::string value) & {
  if (has_control_characters(value))
    throw std::logic_error("the header " + std::string(name) + " would be split");
  for (auto& [key, old] : headers) {
    if (!equal_folded(key, name)) continue;
    old = std::move(value);
    return *this;
  }
  headers.emplace_back(name, std::move(value));
  return *this;
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (equal_folded(key, name)) return value;
  return std::nullopt;
}

std::string etag_of(std::string_view content) {
  return '"' + to_hex(sha256(content).substr(0, 16)) + '"';
}

bool matches_if_none_match(const Request& request, std::string_view etag) {
  const auto sent = request.header("If-None-Match");
  if (!sent) return false;
  if (trim(*sent) == "*") return true;
  // Our ETags hold no comma, so a comma inside of somebody else's cannot make a part of it equal one of ours.
  for (const auto candidate : split(*sent, ','))
    if (without_weakness(trim(candidate)) == without_weakness(etag)) return true;
  return false;
}

Response with_etag(const Request& request, Response response, std::string etag) {
  if (response.status == 200 && is_reading(request) && matches_if_none_match(request, etag)) {
    response.status = 304;
    response.body.clear();
  }
  response.set("ETag", std::move(etag));
  return response;
}

void finish(const Request& request, Response& response) {
  response.set("X-Request-Id", request.id());
  response.set("X-Content-Type-Options", "nosniff");
  // A 200 to a reader who showed no token may be kept by nginx for as long as its configuration says.
  const bool shared = is_reading(request) && response.status < 400 && !request.header("Authorization");
  if (!shared && !response.header("Cache-Control")) response.set("Cache-Control", "no-store");
  if (may_have_body(response.status)) {
    response.set("Content-Length", std::to_string(response.body.size()));
  } else {
    response.body.clear();
    std::erase_if(response.headers, [](const auto& header) {
      return equal_folded(header.first, "Content-Type") || equal_folded(header.first, "Content-Length");
    });
  }
}

std::string render_head(const Response& response) {
  std::string head = "Status: " + std::to_string(response.status) + " ";
  head += reason_phrase(response.status);
  head += "\r\n";
  for (const auto& [name, value] : response.headers)
    head.append(name).append(": ").append(value).append("\r\n");
  return head += "\r\n";
}

bool sends_body(const Request& request, const Response& response) {
  return request.method() != Method::head && may_have_body(response.status);
}

}  // namespace wharf::http
