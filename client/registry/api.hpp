// SPDX-License-Identifier: MIT
// The calls of a registry's interface (docs/api.md), at `/api/v1`, whatever the profile.
//
// Errors are the registry's own sentences with its codes and details, and what to do next where the client
// knows it: a token that is no longer good names `wharf login`, a limit says when to try again. What the
// network does is Error(unavailable). A registry that is a directory takes no calls: Error(bad_request).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/http/http.hpp"
#include "client/registry/access.hpp"
#include "libwharf/json/value.hpp"

namespace wharf::client {

struct ApiAnswer {
  HttpResponse response;
  json::Document document;  // null where the answer has no body
  json::Value root() const { return document.root(); }
  // False where the change stands, but not everyone can see it yet.
  bool is_visible() const { return response.header("wharf-visible") != "pending"; }
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

class Api {
 public:
  // `token` may be empty: then the calls are made as nobody.
  Api(RegistryAccess access, std::string token);

  const std::string& registry() const { return access_.base; }
  const std::string& token() const { return token_; }

  ApiAnswer get(std::string_view path, const Parameters& parameters = {});
  // `body` is JSON; empty: none.
  ApiAnswer send(std::string_view method, std::string_view path, std::string body = {});

  // For what is not JSON: the whole request, to be completed and sent, and the check that goes with it.
  HttpRequest request(std::string_view method, std::string_view path) const;
  Http& http();
  // Throws Error(bad_request) where the registry is a folder, which answers no calls.
  void require_calls() const;
  static void require_success(const HttpResponse& response);

 private:
  RegistryAccess access_;
  std::string token_;
};

// `/packages/NAME/VERSION`, percent-encoded.
std::string version_path(std::string_view name, std::string_view version);
std::string package_path(std::string_view name);

// The text of a member; empty where it is missing, null or no text.
std::string text_of(json::Value object, std::string_view member);

}  // namespace wharf::client
