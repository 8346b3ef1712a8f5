// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/authentication.hpp"

#include "libwharf/base/error.hpp"

namespace wharf::handlers {

void authenticate(App& app, http::Request& request, const http::RouteSpec& route) {
  using http::Access;
  app.principal.reset();
  if (route.access == Access::anyone) return;
  const auto token = request.bearer_token();
  if (!token)
    throw Error(Code::unauthorized,
                "this call needs you to be signed in; send 'Authorization: Bearer <token>'");
  app.principal = app.services.authenticator.authenticate(*token);
  request.user = app.principal->username;
  switch (route.access) {
    case Access::session:
      return require_session(*app.principal);
    case Access::publish:
      return require_scope(*app.principal, Scope::publish);
    case Access::yank:
      return require_scope(*app.principal, Scope::yank);
    case Access::owners:
      return require_scope(*app.principal, Scope::owners);
    case Access::anyone:
    case Access::signed_in:
      return;
  }
}

Origin origin_of(const http::Request& request) {
  return {request.remote_address(), request.id()};
}

}  // namespace wharf::handlers
