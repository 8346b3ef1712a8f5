// SPDX-License-Identifier: MIT
// One request, as handlers see it. Made from FastCGI's parameters; dispatch() fills in what routing finds.
//
// The constructor never throws for what a caller sent, so that every refusal has a request id and a dialect;
// parse() then throws Error(bad_request | uri_too_long) for a target or headers that cannot be served.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcgi-app/http/body.hpp"
#include "fcgi-app/http/dialect.hpp"
#include "fcgi-app/http/media_type.hpp"
#include "fcgi-app/http/method.hpp"
#include "fcgi-app/http/target.hpp"
#include "libwharf/json/value.hpp"

namespace wharf::http {

// FastCGI's parameters in the order they came, duplicates included.
using CgiParams = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::size_t k_largest_json_body = 64u << 10;

class Request {
 public:
  // `at_root` is the dialect of paths outside of every base. The source gives the body's bytes.
  Request(CgiParams params, ByteSource body, Dialect at_root = Dialect::native);

  void parse();

  // --- what was asked ---
  Method method() const noexcept { return method_; }
  std::string_view method_text() const noexcept { return method_text_; }
  const std::string& raw_uri() const noexcept { return raw_uri_; }
  const Target& target() const noexcept { return target_; }
  Dialect dialect() const noexcept { return target_.base.dialect; }
  const DialectRules& rules() const { return rules_of(dialect()); }
  bool at_root() const noexcept { return target_.base.at_root; }

  // The value of `{name}` in the route's pattern, decoded; it is a fault in the program to ask for another.
  const std::string& path(std::string_view name) const;

  // --- query; a parameter that is given twice, or whose value is not of the form, is Error(bad_request) that
  // names it ---
  std::optional<std::string_view> query(std::string_view name) const;
  std::uint64_t query_number(std::string_view name, std::uint64_t least, std::uint64_t most,
                             std::uint64_t otherwise) const;
  bool query_flag(std::string_view name) const;  // 1, true, or there without a value; 0 and false are no
  struct Page {
    std::uint64_t limit;
    std::uint64_t offset;
  };
  // `limit` (1–100, more is taken as 100) and `offset` (at most 100 000: what lies further is never paged
  // to).
  Page page(std::uint64_t default_limit = 20) const;

  // --- headers; names in any case ---
  std::optional<std::string_view> header(std::string_view name) const;
  // The token of `Authorization: Bearer …`; nothing without the header, or with another scheme.
  std::optional<std::string_view> bearer_token() const;

  const std::string& id() const noexcept { return id_; }
  const std::string& remote_address() const noexcept { return remote_address_; }
  bool is_https() const noexcept { return https_; }
  // Any other FastCGI parameter; empty where it is not there.
  std::string_view param(std::string_view name) const;

  // --- body ---
  Body& body() noexcept { return body_; }
  bool has_body() const noexcept { return body_.announced() > 0; }
  // Content-Type; nothing without one. A malformed one is Error(unsupported_media_type).
  std::optional<ParameterizedValue> content_type() const;
  bool is_json() const;       // application/json, in UTF-8
  bool is_multipart() const;  // multipart/form-data
  // A JSON object: Error(unsupported_media_type), Error(payload_too_large), Error(bad_request).
  json::Document read_json(std::size_t limit = k_largest_json_body);
  // The same for calls whose body is optional: nothing where none was sent, whatever the Content-Type.
  std::optional<json::Document> read_optional_json(std::size_t limit = k_largest_json_body);

  // --- filled in on the way, for the log and for handlers ---
  struct Matched {
    std::string_view pattern;  // of the route; empty before routing
    std::vector<std::pair<std::string_view, std::string>> params;
  };
  Matched matched;
  std::string user;  // who is signed in; for the log

 private:
  CgiParams params_;
  Method method_ = Method::other;
  std::string method_text_;
  std::string raw_uri_;
  Dialect at_root_;
  Target target_;
  std::string id_;
  std::string remote_address_;
  bool https_ = false;
  Body body_;
};

}  // namespace wharf::http
