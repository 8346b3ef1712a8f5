// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-user/token_table.hpp"

#include "admin-tools/common/moment.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

void print_tokens(const std::vector<TokenInfo>& tokens) {
  Table table({"ID", "NAME", "SCOPES", "PACKAGES", "CREATED", "EXPIRES", "LAST USED"});
  for (const auto& token : tokens) {
    std::string scopes;
    for (const auto& scope : token.scopes) scopes.append(scopes.empty() ? "" : ",").append(scope);
    const std::string expires = token.expires_at ? shown(token.expires_at) : "never";
    const bool is_over = token.expires_at && *token.expires_at <= now();
    table.add({token.id, token.name, scopes, token.packages, shown(token.created_at),
               is_over ? Cell(Colour::yellow, expires) : Cell(expires), shown(token.last_used_at)});
  }
  table.finish();
}

void write_token_members(json::Writer& writer, const TokenInfo& token) {
  const auto time = [](const std::optional<Time>& at) {
    return at ? std::optional(to_rfc3339(*at)) : std::nullopt;
  };
  writer.member("token_id", std::to_string(token.id)).member("name", token.name);
  writer.member("scopes", token.scopes).member("packages", token.packages);
  writer.member("created_at", to_rfc3339(token.created_at)).member("expires_at", time(token.expires_at));
  writer.member("last_used_at", time(token.last_used_at));
}

void write_token(json::Writer& writer, const TokenInfo& token) {
  writer.begin_object();
  write_token_members(writer, token);
  writer.end_object();
}

}  // namespace wharf::admin
