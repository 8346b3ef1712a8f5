// SPDX-License-Identifier: MIT
// The four shapes in which one set of handlers answers, and where each stands.
//
//   /api/v1            native          /synapse/api/v1    Synapse
//   /raven/api/v1      Raven           /vais, /vais/api/v1   Vais
//   / (the root)       the dialect that `site.dialect` names
//
// A dialect is a row of differences that handlers consult, not another API.
#pragma once

#include <cstddef>
#include <string_view>

#include "libwharf/package/dialect.hpp"

namespace wharf::http {

using wharf::Dialect;

struct DialectRules {
  Dialect dialect;
  std::string_view name;
  std::string_view base;  // without a slash at the end; what links in answers begin with

  // Errors: `{"error": code, "message": sentence}` or `{"error": sentence, "code": code}`, with `status` on
  // demand.
  bool error_is_sentence;
  bool error_has_status;

  // A package's `versions` as texts, ascending; else objects, newest first.
  bool versions_as_text;
  // `latest_version` of a package that has none: "0.0.0" where its client cannot read null, else empty for
  // null.
  std::string_view no_latest_version;
  // Description, author and license that are unknown: "" where a client breaks on null.
  bool unknown_text_is_empty;
  // `user_id` of an account stands for `id` as text, and e-mail is "" when unknown.
  bool unknown_email_is_empty;
  // A package's `downloads` as one whole number; else {total, week, month}.
  bool downloads_as_number;
  // GET /index.json as a bare array; else {"packages": […]}.
  bool index_as_array;
  // GET …/owners and /auth/tokens and /categories as bare arrays.
  bool owners_as_array;
  bool tokens_as_array;
  bool categories_as_array;
  // Search: `packages` beside or instead of `results`; counts of categories with them.
  bool search_has_results;
  bool search_has_packages;
  bool search_has_categories;
  // The list of what is trending has `packages` as well, as Raven's documents show it.
  bool trending_has_packages;
  // The packages of a category are those with that keyword as well: Raven's manifests have no categories, and
  // its documents mean keywords by them.
  bool keyword_is_category;
  // A search may ask for nothing, and goes by downloads unless told otherwise.
  bool search_without_query;
  // DELETE of a version yanks it and answers 200 with a body; else it removes and answers 204.
  bool delete_yanks;
  // DELETE of an owner or token answers 200 with a body; else 204.
  bool delete_answers_body;
  // /health at the root is JSON `{status: "ok", version}`; else the text OK.
  bool root_health_is_json;

  // `id` of accounts and tokens as text of a UUID's form; else a whole number.
  bool ids_as_uuid;
  // Accounts say whether they are an administrator's, and registering answers the account itself at the top
  // level.
  bool accounts_have_is_admin;
  // GET /users/{username} has an `email`, which is null.
  bool profile_has_null_email;
  // The scope `admin` is known: all scopes, for administrators alone.
  bool has_admin_scope;
  // How long an API token lives that was asked for without a time; 0: for ever.
  int token_days_by_default;

  int register_status;
  int publish_status;
  int token_created_status;
  int owner_added_status;
  // Adding an owner answers who that is now; else with an empty body.
  bool owner_added_answers_body;
  // Adding somebody in the role that they have is refused (already_owner); else it is done already.
  bool owner_added_once;
  // Where a dialect has a status of its own for these codes.
  int already_owner_status;
  int last_owner_status;
};

const DialectRules& rules_of(Dialect dialect);

// Where a path stands: which dialect, and how many of its segments belong to the base.
struct Base {
  Dialect dialect = Dialect::native;
  std::size_t segments = 0;
  bool at_root = false;
};

}  // namespace wharf::http
