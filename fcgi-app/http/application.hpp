// SPDX-License-Identifier: MIT
// A table of routes with their handlers, as the one function that the server calls: parse, route, check,
// handle, and whatever is thrown becomes an answer. Never throws.
//
//   constexpr Route<Context> k_routes[] = {{{Method::get, "/packages/{name}"}, show_package}, …};
//   Application<Context> application(k_routes, context, authenticate);
#pragma once

#include <exception>
#include <span>
#include <vector>

#include "fcgi-app/http/errors.hpp"
#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"
#include "fcgi-app/http/router.hpp"

namespace wharf::http {

template <class Context>
struct Route {
  RouteSpec spec;
  Response (*handler)(Context&, Request&);
};

// Parsing, routing, 404, 405, OPTIONS and errors; `call` is handed the index of the route that was found.
Response dispatch(const Router& router, Request& request, const std::function<Response(std::size_t)>& call);

template <class Context>
class Application {
 public:
  // Runs before each handler, with what the route says of itself: where Authorization is looked at.
  using Before = void (*)(Context&, Request&, const RouteSpec&);

  Application(std::span<const Route<Context>> routes, Context& context, Before before = nullptr)
      : routes_(routes), context_(context), before_(before), router_(specs_of(routes)) {}

  Response operator()(Request& request) {
    return dispatch(router_, request, [&](std::size_t index) {
      const Route<Context>& route = routes_[index];
      if (before_) before_(context_, request, route.spec);
      return route.handler(context_, request);
    });
  }

  const Router& router() const noexcept { return router_; }

 private:
  static std::vector<RouteSpec> specs_of(std::span<const Route<Context>> routes) {
    std::vector<RouteSpec> specs;
    for (const auto& route : routes) specs.push_back(route.spec);
    return specs;
  }

  std::span<const Route<Context>> routes_;
  Context& context_;
  Before before_;
  Router router_;
};

}  // namespace wharf::http
