// SPDX-License-Identifier: MIT
// Which pages of other origins a browser may let read our answers (Fetch standard, CORS). None by default.
//
// No credentials are allowed with it: tokens are sent by scripts on purpose, never by the browser on its own.
#pragma once

#include <string>
#include <vector>

#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::http {

class Cors {
 public:
  // Origins as browsers write them (`https://example.org`), or "*" for any.
  explicit Cors(std::vector<std::string> origins = {}) : origins_(std::move(origins)) {}

  // Adds what a browser wants to see to a finished answer, be it to a preflight or to the call itself.
  void add(const Request& request, Response& response) const;

 private:
  std::vector<std::string> origins_;
};

}  // namespace wharf::http
