// SPDX-License-Identifier: MIT
#include "fcgi-app/http/application.hpp"

#include "libwharf/base/text.hpp"

namespace wharf::http {

namespace {

Response route(const Router& router, Request& request, const std::function<Response(std::size_t)>& call) {
  request.parse();
  auto outcome = router.find(request);
  request.matched = std::move(outcome.matched);
  if (outcome.route) return call(*outcome.route);
  if (outcome.allowed.empty()) {
    const auto path = std::string_view(request.raw_uri()).substr(0, request.raw_uri().find('?'));
    throw Error(Code::not_found, "there is nothing at " + quoted(path) + "; check the base and the path");
  }
  if (request.method() == Method::options) return Response::empty().set("Allow", outcome.allowed);
  return method_not_allowed(request, outcome.allowed);
}

}  // namespace

Response dispatch(const Router& router, Request& request, const std::function<Response(std::size_t)>& call) {
  Response response;
  try {
    response = route(router, request, call);
  } catch (const std::exception& exception) {
    response = error_response(request, exception);
  } catch (...) {
    response = error_response(request, internal_error("something that is no exception was thrown"));
  }
  finish(request, response);
  return response;
}

}  // namespace wharf::http
