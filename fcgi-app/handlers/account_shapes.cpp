// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/account_shapes.hpp"

#include <cstdio>

#include "libwharf/base/text.hpp"
#include "libwharf/base/time.hpp"
#include "libwharf/json/value.hpp"

namespace wharf::handlers {

namespace {

// "user" and "tokn" in ASCII: a user and a token of one number are two UUIDs.
std::string uuid_head(Numbered what) {
  return std::string(what == Numbered::user ? "75736572" : "746f6b6e") + "-0000-8000-8000-";
}

std::optional<std::string> time_text(const std::optional<Time>& time) {
  return time ? std::optional(to_rfc3339(*time)) : std::nullopt;
}

void write_id(json::Writer& writer, const http::DialectRules& rules, Numbered what, std::int64_t id) {
  writer.key("id");
  if (rules.ids_as_uuid)
    writer.value(id_text(rules, what, id));
  else
    writer.value(id);
}

void write_email(json::Writer& writer, const http::DialectRules& rules,
                 const std::optional<std::string>& email) {
  writer.key("email");
  if (!email && rules.unknown_email_is_empty)
    writer.value("");
  else
    writer.value(email);
}

// What a list shows of the package says its description; a package without versions has no such text yet.
std::optional<std::string> description_of(const std::string& summary) {
  if (summary.empty()) return std::nullopt;
  const auto document = json::parse(summary);
  const auto text = document.root()["description"].string();
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

void write_package(json::Writer& writer, const http::DialectRules& rules, const UserPackage& package) {
  auto version = package.latest_version;
  if (!version && !rules.no_latest_version.empty()) version = rules.no_latest_version;
  auto description = description_of(package.summary);
  if (!description && rules.unknown_text_is_empty) description.emplace();
  writer.begin_object();
  writer.member("name", package.name).member("version", version).member("latest_version", version);
  writer.member("description", description).member("role", package.role);
  writer.member("downloads", package.downloads);
  writer.end_object();
}

}  // namespace

std::string id_text(const http::DialectRules& rules, Numbered what, std::int64_t id) {
  if (!rules.ids_as_uuid) return std::to_string(id);
  char digits[17];
  std::snprintf(digits, sizeof digits, "%012llx", static_cast<unsigned long long>(id));
  return uuid_head(what) + digits;
}

std::optional<std::int64_t> id_from(Numbered what, std::string_view text) {
  const auto as_id = [](std::uint64_t number) -> std::optional<std::int64_t> {
    if (number > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    return static_cast<std::int64_t>(number);
  };
  if (const auto number = parse_number(text)) return as_id(*number);
  const std::string folded = fold(text), head = uuid_head(what);
  if (!folded.starts_with(head) || folded.size() != head.size() + 12) return std::nullopt;
  const auto bytes = from_hex(std::string_view(folded).substr(head.size()));
  if (!bytes) return std::nullopt;
  std::uint64_t number = 0;
  for (const char byte : *bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return as_id(number);
}

void write_account(json::Writer& writer, const http::DialectRules& rules, const Account& account) {
  write_id(writer, rules, Numbered::user, account.id);
  writer.member("user_id", id_text(rules, Numbered::user, account.id)).member("username", account.username);
  write_email(writer, rules, account.email);
  if (rules.accounts_have_is_admin) writer.member("is_admin", account.role == Role::admin);
  writer.member("created_at", to_rfc3339(account.created_at));
}

void write_flat_account(json::Writer& writer, const http::DialectRules& rules, const Account& account) {
  if (rules.accounts_have_is_admin) return write_account(writer, rules, account);
  writer.member("user_id", id_text(rules, Numbered::user, account.id)).member("username", account.username);
  write_email(writer, rules, account.email);
  writer.member("created_at", to_rfc3339(account.created_at));
}

void write_profile(json::Writer& writer, const http::DialectRules& rules, const UserProfile& profile) {
  writer.member("joined_at", to_rfc3339(profile.created_at));
  writer.key("packages").begin_array();
  for (const auto& package : profile.packages) write_package(writer, rules, package);
  writer.end_array();
  writer.member("total_downloads", profile.total_downloads);
}

void write_token_members(json::Writer& writer, const http::DialectRules& rules, const TokenInfo& token) {
  write_id(writer, rules, Numbered::token, token.id);
  writer.member("token_id", id_text(rules, Numbered::token, token.id));
  writer.member("user_id", id_text(rules, Numbered::user, token.user_id));
  writer.member("name", token.name).member("scopes", token.scopes).member("packages", token.packages);
  writer.member("created_at", to_rfc3339(token.created_at)).member("expires_at", time_text(token.expires_at));
}

void write_token(json::Writer& writer, const http::DialectRules& rules, const TokenInfo& token) {
  const auto last_used = time_text(token.last_used_at);
  writer.begin_object();
  write_token_members(writer, rules, token);
  writer.member("last_used_at", last_used).member("last_used", last_used);
  writer.end_object();
}

}  // namespace wharf::handlers
