// SPDX-License-Identifier: MIT
// What an answer says, as an Error.
#include <algorithm>

#include "client/http/http.hpp"
#include "client/http/origin.hpp"
#include "client/http/retry.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/value.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_sentence_bytes = 600;

std::optional<Code> code_from(std::string_view name) {
#define WHARF_COMPARE(code) \
  if (name == #code) return Code::code;
  WHARF_ERROR_CODES(WHARF_COMPARE)
#undef WHARF_COMPARE
  return std::nullopt;
}

Code code_of_status(int status) {
  switch (status) {
    case 401:
      return Code::unauthorized;
    case 403:
      return Code::forbidden;
    case 404:
      return Code::not_found;
    case 405:
      return Code::method_not_allowed;
    case 409:
      return Code::conflict;
    case 413:
      return Code::payload_too_large;
    case 429:
      return Code::rate_limit_exceeded;
    default:
      return status >= 500 ? Code::unavailable : Code::bad_request;
  }
}

// A stranger's sentence, fit for a terminal.
std::string tidied(std::string_view sentence) {
  std::string out;
  for (const char c : sentence.substr(0, k_sentence_bytes))
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  while (!is_utf8(out)) out.pop_back();  // a character that was cut
  return out;
}

// What the registry says itself; nothing where the body is not one of its answers.
std::optional<Error> told_by(const HttpResponse& response) {
  try {
    const json::Document document = json::parse(response.body);
    const json::Value root = document.root();
    const auto error = root["error"].string(), message = root["message"].string();
    const auto sentence = message ? message : error;
    if (!sentence || sentence->empty()) return std::nullopt;
    const auto named = code_from(message ? error.value_or("") : root["code"].string().value_or(""));
    Error told(named.value_or(code_of_status(response.status)), tidied(*sentence));
    root["details"].each_member([&](std::string_view key, json::Value value) {
      if (const auto text = value.string()) told.with(tidied(key), tidied(*text));
    });
    return told;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string place_of(const HttpResponse& response) {
  const auto origin = origin_of(response.url);
  return wharf::quoted(origin ? origin->text() : response.url);
}

Error by_status(const HttpResponse& response) {
  const std::string status = std::to_string(response.status);
  if (response.status == 429)
    return Error(Code::rate_limit_exceeded,
                 place_of(response) + " takes no more requests at the moment; try again later");
  if (response.status >= 500)
    return Error(Code::unavailable,
                 place_of(response) + " cannot answer (status " + status + "); try again in a while");
  return Error(code_of_status(response.status),
               place_of(response) + " answered with status " + status +
                   ", and not as a registry does; check the registry's address");
}

}  // namespace

std::string_view HttpResponse::header(std::string_view small_name) const {
  const auto found = headers.find(std::string(small_name));
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

HttpResponse& HttpOutcome::get() {
  if (fault) std::rethrow_exception(fault);
  return response;
}

Error error_of(const HttpResponse& response) {
  Error error = told_by(response).value_or(by_status(response));
  if (const auto wait = read_retry_after(response.header("retry-after"), now()))
    error.retry_in(static_cast<int>(wait->count()));
  return error;
}

void require_success(const HttpResponse& response) {
  if (response.status / 100 != 2) throw error_of(response);
}

}  // namespace wharf::client
