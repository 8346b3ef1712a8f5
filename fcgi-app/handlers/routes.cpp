// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/routes.hpp"

#include "fcgi-app/handlers/accounts.hpp"
#include "fcgi-app/handlers/listings.hpp"
#include "fcgi-app/handlers/openapi.hpp"
#include "fcgi-app/handlers/owners.hpp"
#include "fcgi-app/handlers/packages.hpp"
#include "fcgi-app/handlers/publish.hpp"
#include "fcgi-app/handlers/search.hpp"
#include "fcgi-app/handlers/statistics.hpp"
#include "fcgi-app/handlers/status_pages.hpp"
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
      {{Method::post, "/auth/logout", Access::signed_in}, logout},
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

      // Publishing and managing
      {{Method::put, "/packages/{name}/{version}", Access::publish, Takes::archive}, publish_raw},
      {{Method::post, "/packages", Access::publish, Takes::upload}, publish_form},
      {{Method::post, "/packages/publish", Access::publish, Takes::upload}, publish_form},
      {{Method::del, "/packages/{name}/{version}", Access::yank}, delete_version},
      {{Method::post, "/packages/{name}/{version}/yank", Access::yank, Takes::optional_json}, yank_version},
      {{Method::post, "/packages/{name}/{version}/unyank", Access::yank, Takes::optional_json},
       unyank_version},
      {{Method::put, "/packages/{name}/owners", Access::owners, Takes::json}, add_owner},
      {{Method::post, "/packages/{name}/owners", Access::owners, Takes::json}, add_owner},
      {{Method::del, "/packages/{name}/owners/{username}", Access::owners}, remove_owner},

      // Reading
      {{Method::get, "/packages"}, list_packages},
      {{Method::get, "/packages/recent"}, list_recent},
      {{Method::get, "/recent"}, list_recent},
      {{Method::get, "/packages/popular"}, list_popular},
      {{Method::get, "/popular"}, list_popular},
      {{Method::get, "/packages/trending"}, list_trending},
      {{Method::get, "/packages/{name}"}, show_package},
      {{Method::get, "/packages/{name}/versions"}, list_versions},
      {{Method::get, "/packages/{name}/owners", Access::anyone, Takes::nothing,
        http::in_all & ~http::in_vais},
       list_owners},
      {{Method::get, "/packages/{name}/dependents"}, list_dependents},
      {{Method::get, "/packages/{name}/stats"}, show_package_statistics},
      {{Method::get, "/packages/{name}/index.json"}, index_fallback},
      {{Method::get, "/packages/{name}/{version}"}, show_version},
      {{Method::get, "/packages/{name}/{version}/readme"}, show_readme},
      {{Method::get, "/packages/{name}/{version}/tarball"}, tarball_fallback},
      {{Method::get, "/packages/{name}/{version}/download"}, tarball_fallback},
      {{Method::get, "/packages/{name}/{version}.tar.gz"}, tarball_fallback},
      {{Method::get, "/index.json"}, whole_index_fallback},

      // Finding
      {{Method::get, "/search"}, search_packages},
      {{Method::get, "/suggest"}, suggest_names},
      {{Method::get, "/categories"}, list_categories},
      {{Method::get, "/categories/{slug}"}, show_category},
      {{Method::get, "/packages/categories/{slug}"}, show_category},
      {{Method::get, "/keywords"}, list_keywords},
      {{Method::get, "/keywords/{slug}"}, show_keyword},

      // The registry
      {{Method::get, "/stats"}, show_statistics},
      {{Method::get, "/health"}, show_health},
      {{Method::get, "/openapi.json"}, show_openapi},
  };
  return k_routes;
}

}  // namespace wharf::handlers
