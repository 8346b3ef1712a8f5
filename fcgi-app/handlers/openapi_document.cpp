// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/openapi_document.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <vector>

#include "fcgi-app/http/status.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::handlers {

namespace {

using http::Access, http::RouteSpec, http::Takes;
using json::Value, json::Writer;

constexpr Code k_codes[] = {
#define WHARF_ENUMERATOR(name) Code::name,
    WHARF_ERROR_CODES(WHARF_ENUMERATOR)
#undef WHARF_ENUMERATOR
};

// What any call may answer, by the name of the response among the components.
constexpr std::pair<int, std::string_view> k_of_every_call[] = {
    {414, "UriTooLong"}, {429, "TooManyRequests"}, {500, "InternalError"},
    {502, "BadGateway"}, {503, "Unavailable"},     {504, "GatewayTimeout"},
};

Code code_of(std::string_view name) {
  for (const Code code : k_codes)
    if (code_name(code) == name) return code;
  throw std::logic_error("the OpenAPI document names the error code " + quoted(name) + ", which is none");
}

std::string reference(std::string_view kind, std::string_view name) {
  return "#/components/" + std::string(kind) + "/" + std::string(name);
}

void write_reference(Writer& writer, std::string_view key, std::string_view kind, std::string_view name) {
  writer.key(key).begin_object().member("$ref", reference(kind, name)).end_object();
}

std::string method_key(http::Method method) {
  return fold(http::method_name(method));
}

class Joiner {
 public:
  Joiner(std::span<const RouteSpec> routes, std::span<const OpenapiPart> parts) : routes_(routes) {
    for (const auto& part : parts) parts_.emplace_back(part.place, json::parse(part.text));
  }

  std::string join(std::string_view public_url) {
    writer_.begin_object();
    const Value document = part("document");
    writer_.member("openapi", document["openapi"]);
    writer_.key("info").begin_object();
    document["info"].each_member([&](std::string_view key, Value value) { writer_.member(key, value); });
    writer_.member("version", WHARF_VERSION).end_object();
    writer_.key("servers").begin_array().begin_object();
    writer_.member("url", std::string(public_url) + "/api/v1").end_object().end_array();
    writer_.member("tags", document["tags"]);
    write_paths();
    write_components();
    write_error_table();
    writer_.end_object();
    return writer_.take();
  }

 private:
  // The part of this very place; a missing one is a fault in the program.
  Value part(std::string_view place) const {
    for (const auto& [name, document] : parts_)
      if (name == place) return document.root();
    throw std::logic_error("the OpenAPI document has no part " + quoted(place));
  }

  Value operation(std::string_view path, std::string_view method) const {
    for (const auto& [name, document] : parts_)
      if (name.starts_with("paths/"))
        if (const Value found = document.root()[path][method]) return found;
    return {};
  }

  void write_paths() {
    std::vector<std::string_view> patterns;
    for (const auto& route : routes_)
      if (std::find(patterns.begin(), patterns.end(), route.pattern) == patterns.end())
        patterns.push_back(route.pattern);
    writer_.key("paths").begin_object();
    for (const auto pattern : patterns) {
      bool begun = false;
      for (const auto& route : routes_) {
        if (route.pattern != pattern || !(route.where & http::in_native)) continue;
        const std::string method = method_key(route.method);
        const Value said = operation(pattern, method);
        if (!said) continue;
        if (!begun) writer_.key(pattern).begin_object();
        begun = true;
        write_operation(route, method, said);
      }
      if (begun) writer_.end_object();
    }
    writer_.end_object();
  }

  void write_operation(const RouteSpec& route, std::string_view method, Value said) {
    Value original = said;
    if (const auto elsewhere = said["same as"].string())
      original = operation(*elsewhere, said["method"].string().value_or(method));
    if (!original) throw std::logic_error("'same as' at " + std::string(route.pattern) + " leads to no call");
    writer_.key(method).begin_object();
    original.each_member([&](std::string_view key, Value value) {
      if (key == "operationId") {
        writer_.member(key, said[key]);
      } else if (key != "responses" && key != "errors") {
        writer_.member(key, value);
      }
    });
    write_security(route.access);
    write_responses(route, original);
    writer_.end_object();
  }

  void write_security(Access access) {
    writer_.key("security").begin_array();
    if (access != Access::anyone)
      writer_.begin_object().key("session").begin_array().end_array().end_object();
    const auto with_scope = [&](std::string_view scope) {
      writer_.begin_object().key("apiToken").begin_array();
      if (!scope.empty()) writer_.value(scope);
      writer_.end_array().end_object();
    };
    if (access == Access::signed_in) with_scope({});
    if (access == Access::publish) with_scope("publish");
    if (access == Access::yank) with_scope("yank");
    if (access == Access::owners) with_scope("owners");
    writer_.end_array();
  }

  // What the call answers because of its route, and what it says itself.
  static std::map<int, std::vector<Code>> codes_of(const RouteSpec& route, Value said) {
    std::vector<Code> codes = {Code::bad_request};
    if (route.access != Access::anyone) {
      codes.insert(codes.end(), {Code::unauthorized, Code::account_disabled});
      if (route.access == Access::session) codes.push_back(Code::forbidden);
      if (route.access != Access::session && route.access != Access::signed_in)
        codes.push_back(Code::scope_missing);
    }
    if (route.takes != Takes::nothing)
      codes.insert(codes.end(), {Code::unsupported_media_type, Code::payload_too_large});
    said["errors"].each([&](Value name) { codes.push_back(code_of(name.string().value_or(""))); });
    std::map<int, std::vector<Code>> by_status;
    for (const Code code : codes) {
      auto& listed = by_status[http::status_of(code)];
      if (std::find(listed.begin(), listed.end(), code) == listed.end()) listed.push_back(code);
    }
    return by_status;
  }

  void write_responses(const RouteSpec& route, Value said) {
    std::map<int, Value> own;
    said["responses"].each_member([&](std::string_view status, Value response) {
      own[static_cast<int>(parse_number(status).value_or(0))] = response;
    });
    auto errors = codes_of(route, said);
    for (const auto& [status, name] : k_of_every_call) errors.try_emplace(status);
    for (const auto& [status, response] : own) errors.try_emplace(status);
    writer_.key("responses").begin_object();
    for (const auto& [status, codes] : errors) {
      writer_.key(std::to_string(status));
      if (const auto found = own.find(status); found != own.end()) {
        write_response(found->second);
      } else if (const auto shared = shared_response(status); !shared.empty()) {
        writer_.begin_object().member("$ref", reference("responses", shared)).end_object();
      } else {
        write_error_response(status, codes);
      }
    }
    writer_.end_object();
  }

  static std::string_view shared_response(int status) {
    for (const auto& [known, name] : k_of_every_call)
      if (known == status) return name;
    return {};
  }

  // Whatever answers carries the id of its request.
  void write_response(Value response) {
    writer_.begin_object();
    if (response["$ref"]) {
      writer_.member("$ref", response["$ref"]).end_object();
      return;
    }
    writer_.member("description", response["description"]);
    writer_.key("headers").begin_object();
    write_reference(writer_, "X-Request-Id", "headers", "X-Request-Id");
    response["headers"].each_member([&](std::string_view key, Value value) { writer_.member(key, value); });
    writer_.end_object();
    if (response["content"]) writer_.member("content", response["content"]);
    writer_.end_object();
  }

  void write_error_response(int status, const std::vector<Code>& codes) {
    const Value said = part("errors");
    std::string description;
    for (const Code code : codes)
      description += (description.empty() ? "`" : "; `") + std::string(code_name(code)) +
                     "`: " + std::string(said[code_name(code)]["summary"].string().value_or(""));
    writer_.begin_object().member("description", description);
    writer_.key("headers").begin_object();
    write_reference(writer_, "X-Request-Id", "headers", "X-Request-Id");
    if (status == 401) write_reference(writer_, "WWW-Authenticate", "headers", "WWW-Authenticate");
    writer_.end_object();
    writer_.key("content").begin_object().key("application/json").begin_object();
    writer_.key("schema").begin_object().key("allOf").begin_array();
    writer_.begin_object().member("$ref", reference("schemas", "Error")).end_object();
    writer_.begin_object().key("properties").begin_object().key("error").begin_object();
    writer_.key("enum").begin_array();
    for (const Code code : codes) writer_.value(code_name(code));
    writer_.end_array().end_object().end_object().end_object().end_array().end_object();
    writer_.key("examples").begin_object();
    for (const Code code : codes) write_reference(writer_, code_name(code), "examples", code_name(code));
    writer_.end_object().end_object().end_object().end_object();
  }

  void write_components() {
    writer_.key("components").begin_object();
    writer_.key("schemas").begin_object();
    for (const auto& [place, document] : parts_)
      if (place.starts_with("schemas/")) write_members(document.root());
    writer_.key("ErrorCode").begin_object();
    writer_.member("type", "string")
        .member("description", "A stable code; `x-error-codes` says what each means.");
    writer_.key("enum").begin_array();
    for (const Code code : k_codes) writer_.value(code_name(code));
    writer_.end_array().end_object().end_object();
    writer_.key("responses").begin_object();
    part("responses").each_member([&](std::string_view name, Value response) {
      writer_.key(name);
      write_response(response);
    });
    writer_.end_object();
    writer_.member("parameters", part("parameters")).member("headers", part("headers"));
    writer_.member("securitySchemes", part("security"));
    writer_.key("examples").begin_object();
    write_members(part("examples"));
    for (const Code code : k_codes) write_error_example(code);
    writer_.end_object().end_object();
  }

  void write_members(Value object) {
    object.each_member([&](std::string_view key, Value value) { writer_.member(key, value); });
  }

  void write_error_example(Code code) {
    const Value said = part("errors")[code_name(code)];
    writer_.key(code_name(code)).begin_object();
    writer_.member("summary", said["summary"]).key("value").begin_object();
    writer_.member("error", code_name(code)).member("message", said["message"]);
    writer_.member("details", said["details"]);
    writer_.member("request_id", "3f9a1c0d5be24c7f8a6e9d0b1c2a3f4e").end_object().end_object();
  }

  void write_error_table() {
    writer_.key("x-error-codes").begin_array();
    for (const Code code : k_codes) {
      writer_.begin_object().member("code", code_name(code)).member("status", http::status_of(code));
      writer_.member("description", part("errors")[code_name(code)]["summary"]).end_object();
    }
    writer_.end_array();
  }

  std::span<const RouteSpec> routes_;
  std::vector<std::pair<std::string_view, json::Document>> parts_;
  Writer writer_;
};

}  // namespace

std::string openapi_document(std::span<const RouteSpec> routes, std::span<const OpenapiPart> parts,
                             std::string_view public_url) {
  return Joiner(routes, parts).join(public_url);
}

}  // namespace wharf::handlers
