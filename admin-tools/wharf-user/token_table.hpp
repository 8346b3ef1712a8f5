// SPDX-License-Identifier: MIT
// API tokens as `show` and the `token` commands print them.
#pragma once

#include <vector>

#include "libwharf/json/writer.hpp"
#include "registry/services/tokens.hpp"

namespace wharf::admin {

void print_tokens(const std::vector<TokenInfo>& tokens);
// {token_id, name, scopes, packages, created_at, expires_at, last_used_at}
void write_token(json::Writer& writer, const TokenInfo& token);
// The same members, for a writer that is inside of an object.
void write_token_members(json::Writer& writer, const TokenInfo& token);

}  // namespace wharf::admin
