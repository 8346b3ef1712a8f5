// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/routes.hpp"

#include "fcgi-app/handlers/accounts.hpp"
#include "fcgi-app/handlers/tokens.hpp"
#include "fcgi-app/handlers/users.hpp"

namespace wharf::handlers {

std::span<const http::Route<App>> routes() {
  using http::Access, http::Method, http::Takes;
  static constexpr http::Route<App> k_routes[] = {
      // Accounts
      {{Method::post, "/auth/register", Access::anyone, Takes::json}, register_account},
      {{Method::post, "/auth/login", Access::anyone, Takes::json}, login},
      {{Method::post, "/auth/verify", Access::anyone, Takes::optional_json}, verify_token},
      {{Method::post, "/auth/refresh", Access::session}, refresh_session},
      {{Method::post, "/auth/logout", Access::session}, logout},
      {{Method::get, "/users/me", Access::signed_in}, show_me},
      {{Method::get, "/auth/me", Access::signed_in}, show_me},
      {{Method::put, "/users/me/password", Access::session, Takes::json}, change_password},
      {{Method::get, "/users/me/tokens", Access::session}, list_tokens},
      {{Method::get, "/auth/tokens", Access::session}, list_tokens},
      {{Method::post, "/users/me/tokens", Access::session, Takes::json}, create_token},
      {{Method::post, "/auth/tokens", Access::session, Takes::json}, create_token},
      {{Method::del, "/users/me/tokens/{id}", Access::session}, revoke_token},
      {{Method::del, "/auth/tokens/{id}", Access::session}, revoke_token},
      {{Method::get, "/users/{username}"}, show_user},
  };
  return k_routes;
}

}  // namespace wharf::handlers
