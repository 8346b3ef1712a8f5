// SPDX-License-Identifier: MIT
// Requests made by hand, for tests that need no socket.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "fcgi-app/http/request.hpp"
#include "libwharf/base/error.hpp"

namespace wharf::test {

// A parsed request. `params` are added as they are (HTTP_X_FOO, CONTENT_TYPE …).
inline http::Request unparsed_request(std::string method, std::string uri, http::CgiParams params = {},
                                      std::string body = {}, http::Dialect at_root = http::Dialect::native) {
  params.emplace_back("REQUEST_METHOD", std::move(method));
  params.emplace_back("REQUEST_URI", std::move(uri));
  params.emplace_back("REQUEST_ID", "0123456789abcdef");
  bool announced = false;
  for (const auto& [name, value] : params) announced = announced || name == "CONTENT_LENGTH";
  if (!announced) params.emplace_back("CONTENT_LENGTH", std::to_string(body.size()));
  auto source = std::make_shared<http::Body>(http::Body::of(std::move(body)));
  return http::Request(
      std::move(params), [source](std::span<std::byte> buffer) { return source->read(buffer); }, at_root);
}

inline http::Request request(std::string method, std::string uri, http::CgiParams params = {},
                             std::string body = {}, http::Dialect at_root = http::Dialect::native) {
  auto made =
      unparsed_request(std::move(method), std::move(uri), std::move(params), std::move(body), at_root);
  made.parse();
  return made;
}

// The code that a call refuses with, as text; "nothing" where it does not throw.
template <class Call>
std::string refusal(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return std::string(code_name(error.code()));
  }
  return "nothing";
}

}  // namespace wharf::test
