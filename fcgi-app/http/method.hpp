// SPDX-License-Identifier: MIT
// The methods that routes are made of. Anything else is `other`, which no route has.
#pragma once

#include <string_view>

namespace wharf::http {

enum class Method { get, head, post, put, del, patch, options, other };

constexpr Method method_from(std::string_view text) {
  if (text == "GET") return Method::get;
  if (text == "HEAD") return Method::head;
  if (text == "POST") return Method::post;
  if (text == "PUT") return Method::put;
  if (text == "DELETE") return Method::del;
  if (text == "PATCH") return Method::patch;
  if (text == "OPTIONS") return Method::options;
  return Method::other;
}

constexpr std::string_view method_name(Method method) {
  constexpr std::string_view k_names[] = {"GET",    "HEAD",  "POST",    "PUT",
                                          "DELETE", "PATCH", "OPTIONS", "OTHER"};
  return k_names[static_cast<int>(method)];
}

}  // namespace wharf::http
