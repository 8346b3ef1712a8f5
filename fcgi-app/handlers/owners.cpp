// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/owners.hpp"

#include "fcgi-app/handlers/account_shapes.hpp"
#include "fcgi-app/handlers/authentication.hpp"
#include "fcgi-app/handlers/fields.hpp"
#include "fcgi-app/handlers/freshness.hpp"
#include "fcgi-app/handlers/paths.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::handlers {

namespace {

void write_owner_members(json::Writer& writer, const http::DialectRules& rules,
                         const store::OwnerRow& owner) {
  writer.member("username", owner.username).member("user_id", id_text(rules, Numbered::user, owner.user_id));
  writer.member("role", owner.role).member("added_at", to_rfc3339(owner.added_at));
}

void write_owners(json::Writer& writer, const http::DialectRules& rules,
                  const std::vector<store::OwnerRow>& owners) {
  writer.begin_array();
  for (const auto& owner : owners) {
    writer.begin_object();
    write_owner_members(writer, rules, owner);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace

http::Response list_owners(App& app, http::Request& request) {
  auto named = named_for_reading(app, request);
  if (named.redirect) return std::move(*named.redirect);
  const auto& rules = request.rules();
  const auto owners = app.services.owners.list(named.name);
  json::Writer writer;
  if (!rules.owners_as_array) writer.begin_object().key("owners");
  write_owners(writer, rules, owners);
  if (!rules.owners_as_array) writer.end_object();
  const auto etag = http::etag_of(writer.text());
  auto response = http::Response::json(200, std::move(writer));
  response.set("Cache-Control", "public, no-cache");
  return http::with_etag(request, std::move(response), etag);
}

http::Response add_owner(App& app, http::Request& request) {
  const auto& rules = request.rules();
  const auto named = named_for_writing(request);
  const auto body = request.read_json();
  const std::string username = required_text(body.root(), "username");
  const auto role = owner_role_from(optional_text(body.root(), "role").value_or("owner"));
  const auto outcome = app.services.owners.add(named.name, username, role, app.who(), origin_of(request));
  if (!outcome.changed && rules.owner_added_once)
    throw Error(Code::already_owner, wharf::quoted(outcome.subject.username) + " is " +
                                         (role == OwnerRole::owner ? "an owner" : "a maintainer") +
                                         " of package " + wharf::quoted(named.name) +
                                         " already; there is nothing to do");
  if (!rules.owner_added_answers_body)
    return with_visibility(http::Response::empty(rules.owner_added_status), outcome.visible);
  json::Writer writer;
  writer.begin_object();
  write_owner_members(writer, rules, outcome.subject);
  writer.key("owners");
  write_owners(writer, rules, outcome.owners);
  writer.end_object();
  return with_visibility(http::Response::json(rules.owner_added_status, std::move(writer)), outcome.visible);
}

http::Response remove_owner(App& app, http::Request& request) {
  const auto named = named_for_writing(request);
  const auto outcome =
      app.services.owners.remove(named.name, request.path("username"), app.who(), origin_of(request));
  if (!request.rules().delete_answers_body) return with_visibility(http::Response::empty(), outcome.visible);
  const std::string& username = outcome.subject.username;
  json::Writer writer;
  writer.begin_object();
  writer.member("message", wharf::quoted(username) + " has no part in package " + wharf::quoted(named.name) +
                               " any more");
  writer.member("package", named.name).member("username", username).member("removed", true);
  writer.end_object();
  return with_visibility(http::Response::json(200, std::move(writer)), outcome.visible);
}

}  // namespace wharf::handlers
