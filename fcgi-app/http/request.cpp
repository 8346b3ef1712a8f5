// SPDX-License-Identifier: MIT
#include "fcgi-app/http/request.hpp"

#include <algorithm>
#include <stdexcept>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/random.hpp"

namespace wharf::http {

namespace {

constexpr std::uint64_t k_largest_page = 100;
constexpr std::uint64_t k_furthest_offset = 100'000;

// Lists that proxies on the way may add lines to, and that nothing here decides by.
constexpr std::string_view k_may_repeat[] = {
    "HTTP_ACCEPT",        "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE",
    "HTTP_CACHE_CONTROL", "HTTP_COOKIE",          "HTTP_FORWARDED",
    "HTTP_VIA",           "HTTP_X_FORWARDED_FOR"};

// Only text that is safe in a header and a log line may become the request id.
bool is_request_id(std::string_view text) {
  return text.size() >= 8 && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '_';
         });
}

// A tab may stand between words.
bool holds_control_characters(std::string_view value) {
  return has_control_characters(value) && std::any_of(value.begin(), value.end(), [](char c) {
           return c != '\t' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f);
         });
}

std::string header_param(std::string_view name) {
  std::string param = "HTTP_";
  for (const char c : name) param += c == '-' ? '_' : is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
  return param;
}

std::string header_name(std::string_view param) {
  std::string name = fold(param.substr(5));
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::uint64_t announced_length(std::string_view text) {
  return text.empty() ? 0 : parse_number(text).value_or(0);
}

Error bad_query(std::string_view name, std::string_view expected) {
  return Error(Code::bad_request, "the query parameter " + quoted(name) + " must be " + std::string(expected))
      .with("parameter", std::string(name));
}

}  // namespace

Request::Request(CgiParams params, ByteSource body, Dialect at_root)
    : params_(std::move(params)), at_root_(at_root) {
  method_text_ = param("REQUEST_METHOD");
  method_ = method_from(method_text_);
  raw_uri_ = param("REQUEST_URI");
  remote_address_ = param("REMOTE_ADDR");
  https_ = param("HTTPS") == "on";
  id_ = param("REQUEST_ID");
  if (!is_request_id(id_)) id_ = random_base62(22);
  target_.base.dialect = guess_dialect(raw_uri_, at_root);
  body_ = Body(announced_length(param("CONTENT_LENGTH")), std::move(body));
}

void Request::parse() {
  target_ = parse_target(raw_uri_, at_root_);
  const auto length = param("CONTENT_LENGTH");
  if (!length.empty() && !parse_number(length))
    throw Error(Code::bad_request, "Content-Length is " + quoted(length) + "; expected a whole number");
  for (std::size_t i = 0; i < params_.size(); ++i) {
    const auto& name = params_[i].first;
    if (!name.starts_with("HTTP_")) continue;
    if (holds_control_characters(params_[i].second))
      throw Error(Code::bad_request,
                  "the header " + quoted(header_name(name)) + " holds a control character");
    for (std::size_t j = 0; j < i; ++j)
      if (params_[j].first == name &&
          std::find(std::begin(k_may_repeat), std::end(k_may_repeat), name) == std::end(k_may_repeat))
        throw Error(Code::bad_request,
                    "the header " + quoted(header_name(name)) + " was sent twice; send it once");
  }
}

const std::string& Request::path(std::string_view name) const {
  for (const auto& [key, value] : matched.params)
    if (key == name) return value;
  throw std::logic_error("the route " + std::string(matched.pattern) + " has no parameter " +
                         std::string(name));
}

std::optional<std::string_view> Request::query(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const auto& [key, value] : target_.query) {
    if (key != name) continue;
    if (found)
      throw Error(Code::bad_request, "the query parameter " + quoted(name) + " was given twice; give it once")
          .with("parameter", std::string(name));
    found = value;
  }
  return found;
}

std::uint64_t Request::query_number(std::string_view name, std::uint64_t least, std::uint64_t most,
                                    std::uint64_t otherwise) const {
  const auto text = query(name);
  if (!text) return otherwise;
  const auto number = parse_number(*text);
  if (!number || *number < least || *number > most)
    throw bad_query(name, most == UINT64_MAX ? "a whole number from " + std::to_string(least)
                                             : "a whole number from " + std::to_string(least) + " to " +
                                                   std::to_string(most));
  return *number;
}

bool Request::query_flag(std::string_view name) const {
  const auto text = query(name);
  if (!text) return false;
  if (text->empty() || *text == "1" || *text == "true") return true;
  if (*text == "0" || *text == "false") return false;
  throw bad_query(name, "1 or 0");
}

Request::Page Request::page(std::uint64_t default_limit) const {
  return {std::min(query_number("limit", 1, UINT64_MAX, default_limit), k_largest_page),
          query_number("offset", 0, k_furthest_offset, 0)};
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  const std::string wanted = header_param(name);
  for (const auto& [key, value] : params_)
    if (key == wanted) return value;
  if (wanted == "HTTP_CONTENT_TYPE" && !param("CONTENT_TYPE").empty()) return param("CONTENT_TYPE");
  return std::nullopt;
}

std::optional<std::string_view> Request::bearer_token() const {
  const auto value = header("Authorization");
  if (!value) return std::nullopt;
  const auto space = value->find(' ');
  if (space == value->npos || !equal_folded(value->substr(0, space), "bearer")) return std::nullopt;
  const auto token = trim(value->substr(space));
  if (token.empty()) return std::nullopt;
  return token;
}

std::string_view Request::param(std::string_view name) const {
  for (const auto& [key, value] : params_)
    if (key == name) return value;
  return {};
}

std::optional<ParameterizedValue> Request::content_type() const {
  const auto text = header("Content-Type");
  if (!text || text->empty()) return std::nullopt;
  auto parsed = parse_parameterized(*text);
  if (!parsed)
    throw Error(Code::unsupported_media_type, "the Content-Type " + quoted(*text) + " is malformed");
  return parsed;
}

bool Request::is_json() const {
  const auto type = content_type();
  if (!type || type->value != "application/json") return false;
  const auto charset = type->parameter("charset");
  return !charset || equal_folded(*charset, "utf-8") || equal_folded(*charset, "utf8");
}

bool Request::is_multipart() const {
  const auto type = content_type();
  return type && type->value == "multipart/form-data";
}

json::Document Request::read_json(std::size_t limit) {
  if (!is_json()) {
    const auto type = header("Content-Type");
    throw Error(Code::unsupported_media_type,
                (type && !type->empty() ? "the Content-Type is " + quoted(*type)
                                        : std::string("there is no Content-Type")) +
                    "; send a JSON object as 'application/json' in UTF-8");
  }
  json::Document document = json::parse(body_.read_all(limit));
  if (!document.root().is_object()) throw Error(Code::bad_request, "the body must be a JSON object");
  return document;
}

std::optional<json::Document> Request::read_optional_json(std::size_t limit) {
  if (!has_body()) {
    body_.read_all(0);  // none was announced, so none may come
    return std::nullopt;
  }
  return read_json(limit);
}

}  // namespace wharf::http
