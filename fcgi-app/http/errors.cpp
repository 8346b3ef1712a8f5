// SPDX-License-Identifier: MIT
#include "fcgi-app/http/errors.hpp"

#include "fcgi-app/http/status.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::http {

namespace {

constexpr int k_default_retry_rate = 60;
constexpr int k_default_retry_unavailable = 5;

void log_error(const Error& error, int status) {
  if (status >= 500) {
    log::error("request failed", {{"code", code_name(error.code())}, {"detail", error.detail()}});
  } else if (!error.detail().empty()) {
    log::info("request refused", {{"code", code_name(error.code())}, {"detail", error.detail()}});
  }
}

}  // namespace

Response error_response(const Request& request, const Error& error) {
  const int status = status_of(error.code(), request.rules());
  log_error(error, status);
  // What an internal error says of itself is for the log, whoever threw it.
  const Error shown = status == 500 ? internal_error({}) : error;
  const DialectRules& rules = request.rules();

  json::Writer writer;
  writer.begin_object();
  if (rules.error_is_sentence) {
    writer.member("error", shown.public_message());
    if (rules.error_has_status) writer.member("status", status);
    writer.member("code", code_name(shown.code()));
  } else {
    writer.member("error", code_name(shown.code()));
    writer.member("message", shown.public_message());
  }
  if (shown.details().empty()) {
    writer.member_null("details");
  } else {
    writer.key("details").begin_object();
    for (const auto& [key, value] : shown.details()) writer.member(key, value);
    writer.end_object();
  }
  writer.member("request_id", request.id());
  writer.end_object();

  Response response = Response::json(status, std::move(writer));
  response.set("Cache-Control", "no-store");
  if (status == 401) response.set("WWW-Authenticate", "Bearer");
  if (status == 429)
    response.set("Retry-After", std::to_string(shown.retry_after().value_or(k_default_retry_rate)));
  if (status == 503)
    response.set("Retry-After", std::to_string(shown.retry_after().value_or(k_default_retry_unavailable)));
  return response;
}

Response error_response(const Request& request, const std::exception& exception) {
  if (const auto* error = dynamic_cast<const Error*>(&exception)) return error_response(request, *error);
  return error_response(request, internal_error(exception.what()));
}

Response method_not_allowed(const Request& request, std::string_view allowed) {
  const Error error(Code::method_not_allowed, "the method " + quoted(request.method_text()) +
                                                  " is not answered here; this path takes " +
                                                  std::string(allowed));
  return error_response(request, error).set("Allow", std::string(allowed));
}

}  // namespace wharf::http
