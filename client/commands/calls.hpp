// SPDX-License-Identifier: MIT
// How commands reach the registry of their session, and what several of them ask the person.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/program/session.hpp"
#include "client/registry/api.hpp"

namespace wharf::client {

// As nobody.
Api anonymous_api(const Session& session);
// As oneself where one is signed in: what is read so is of this moment, and not kept for a second.
Api reading_api(const Session& session);
// With the token of --token, with a warning, of WHARF_TOKEN or of the credentials file; throws
// Error(unauthorized) that says how to sign in.
Api signed_in_api(const Session& session);

// The name of the project around the session's directory. Throws Error(bad_request) that asks for `option`.
std::string project_name(const Session& session, std::string_view option);

// "NAME VERSION" or "NAME@VERSION" as two. Throws UsageError where one is missing or given twice.
struct NamedVersion {
  std::string name, version;
};
NamedVersion named_version(const std::string& name, const std::string& version);

// A line typed at the terminal, shown as it is typed; nothing at the end of the input. Without spaces around
// it.
std::optional<std::string> ask_line(std::string_view prompt);

// `--password`'s value, with a warning; else typed without echo, or the first line of standard input.
std::string password_for(const Session& session, std::string_view prompt);
// Before a password or token goes to the registry: a warning where everyone on the way can read it.
void warn_of_plain_http(const Session& session);

// The columns of the terminal that standard output is; nothing where it is none.
std::optional<std::size_t> output_width();
// At most `width` columns, the last one a `…` where something was cut off.
std::string cut_to(std::string_view text, std::size_t width);

}  // namespace wharf::client
