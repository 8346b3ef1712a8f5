// SPDX-License-Identifier: MIT
// Signing in and out, as `login`, `register`, `logout` and the token commands share it.
//
// What is kept on disk is an API token, not the session that the password brings: it can be listed and
// revoked by its name, runs out by itself, and can neither change the password nor make other tokens. The
// session is ended as soon as the token is there.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "client/commands/calls.hpp"

namespace wharf::client {

inline constexpr std::int64_t k_token_days = 90;

// Of an API token of this kind of registry; anything else is taken for a session.
bool is_api_token(std::string_view token);

// `--username`, else asked for at the terminal; throws UsageError where there is none.
std::string username_for(const Session& session, std::string_view prompt);

// A session token for a password.
std::string session_of(const Session& session, const std::string& username, const std::string& password);
// Ends a session, or revokes an API token, whichever it is. Errors are thrown.
void end_token(const Session& session, const std::string& token);

// Makes the token that stays, stores it in the profile's file in the place of the one before, which is
// revoked, and ends the session. Says so.
void keep_signed_in(const Session& session, const std::string& username, const std::string& session_token);

// Does what only a session may: with the stored token where that is one, else with one that the password
// brings and that ends with the call.
ApiAnswer with_session(const Session& session, const std::function<ApiAnswer(Api&)>& call);

}  // namespace wharf::client
