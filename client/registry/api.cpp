// SPDX-License-Identifier: MIT
#include "client/registry/api.hpp"

#include "client/registry/origin.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

Error with_more(const Error& error, const std::string& more) {
  Error result(error.code(), error.public_message() + more, error.detail());
  for (const auto& [key, value] : error.details()) result.with(key, value);
  if (error.retry_after()) result.retry_in(*error.retry_after());
  return result;
}

// `30;w=1800;comment="versions"` as people read it.
std::string limit_of(const HttpResponse& response) {
  const std::string_view policy = response.header("ratelimit-policy");
  const auto most = response.header("ratelimit-limit"), left = response.header("ratelimit-remaining");
  if (most.empty()) return {};
  std::string text = " (limit " + std::string(most);
  if (!left.empty()) text += ", " + std::string(left) + " left";
  const auto quote = policy.find("comment=\"");
  if (policy.find(',') == policy.npos && quote != policy.npos) {
    const auto name = policy.substr(quote + 9);
    text += " of " + std::string(name.substr(0, name.find('"')));
  }
  return text + ")";
}

std::string wait_of(const HttpResponse& response) {
  const auto seconds = response.header("retry-after");
  if (seconds.empty() || !parse_number(seconds)) return {};
  return "; try again in " + std::string(seconds) + (seconds == "1" ? " second" : " seconds");
}

}  // namespace

Api::Api(RegistryAccess access, std::string token) : access_(std::move(access)), token_(std::move(token)) {}

void Api::require_calls() const {
  if (registry_directory(access_.base))
    throw Error(Code::bad_request, "the registry " + wharf::quoted(access_.base) +
                                       " is a folder, which answers no calls; name one that is reached by "
                                       "http with '--registry'");
}

Http& Api::http() {
  require_calls();
  if (access_.offline)
    throw Error(Code::unavailable, "this needs the registry " + wharf::quoted(access_.base) +
                                       ", and '--offline' rules that out; leave it away");
  return access_.http();
}

HttpRequest Api::request(std::string_view method, std::string_view path) const {
  HttpRequest request{.method = std::string(method), .url = access_.base + "/api/v1" + std::string(path)};
  request.token = token_;
  return request;
}

void Api::require_success(const HttpResponse& response) {
  if (response.status / 100 == 2) return;
  const Error error = error_of(response);
  switch (response.status) {
    case 401:
      if (error.code() == Code::invalid_credentials) throw error;
      throw with_more(error, "; `wharf login` does that");
    case 403:
      if (error.code() == Code::scope_missing)
        throw with_more(error,
                        "; `wharf whoami` shows how far yours reaches, `wharf login` brings a new one");
      throw error;
    case 429:
      throw with_more(error, limit_of(response) + wait_of(response));
    default:
      throw error;
  }
}

ApiAnswer Api::get(std::string_view path, const Parameters& parameters) {
  std::string target(path);
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    target += separator + url_encode(name) + "=" + url_encode(value);
    separator = '&';
  }
  return send("GET", target);
}

ApiAnswer Api::send(std::string_view method, std::string_view path, std::string body) {
  HttpRequest call = request(method, path);
  if (!body.empty()) call.headers.emplace_back("Content-Type", "application/json");
  call.body = std::move(body);
  HttpResponse response = http().send(call);
  require_success(response);
  try {
    auto document = json::parse(response.body.empty() ? "null" : response.body);
    return {std::move(response), std::move(document)};
  } catch (const Error& error) {
    throw Error(Code::unavailable, "what " + wharf::quoted(access_.base) +
                                       " answers is not of a registry's form; is this its address? (" +
                                       error.public_message() + ")");
  }
}

std::string package_path(std::string_view name) {
  return "/packages/" + url_encode(name);
}

std::string version_path(std::string_view name, std::string_view version) {
  return package_path(name) + "/" + url_encode(version);
}

std::string text_of(json::Value object, std::string_view member) {
  return std::string(object[member].string().value_or(""));
}

}  // namespace wharf::client
