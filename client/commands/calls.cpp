// SPDX-License-Identifier: MIT
#include "client/commands/calls.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <span>

#include "client/http/origin.hpp"
#include "client/manifest/project.hpp"
#include "client/registry/credentials.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/file.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/command/terminal.hpp"

namespace wharf::client {

using command::UsageError;

namespace {

bool is_loopback(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]";
}

}  // namespace

Api anonymous_api(const Session& session) {
  return Api(access_of(session), {});
}

Api reading_api(const Session& session) {
  return Api(access_of(session), token_for(session.profile, session.require_registry()));
}

Api signed_in_api(const Session& session) {
  Api(access_of(session), {}).require_calls();
  if (session.arguments.has("--token")) {
    command::warn(
        "a token among the arguments can be seen by others on this machine; set WHARF_TOKEN instead, or sign "
        "in");
    return Api(access_of(session), session.arguments.value("--token"));
  }
  auto token = token_for(session.profile, session.require_registry());
  if (token.empty())
    throw Error(Code::unauthorized, "you are not signed in to " + wharf::quoted(session.registry) +
                                        "; `wharf login` does that, `wharf register` makes an account");
  return Api(access_of(session), std::move(token));
}

std::string project_name(const Session& session, std::string_view option) {
  const auto project = find_project(session.profile, session.directory);
  if (!project)
    throw Error(Code::bad_request, "there is no " + wharf::quoted(session.profile.manifest_file) +
                                       " here or in a folder above; name the package with '" +
                                       std::string(option) + "'");
  if (project->name.empty())
    throw Error(Code::manifest_invalid, wharf::quoted(project->manifest().string()) +
                                            " says no name of the package; add it, or give '" +
                                            std::string(option) + "'");
  return project->name;
}

NamedVersion named_version(const std::string& name, const std::string& version) {
  const auto at = name.find('@');
  if (at == name.npos) {
    if (version.empty())
      throw UsageError("which version of " + wharf::quoted(name) +
                       "? write 'NAME VERSION' or 'NAME@VERSION'");
    return {name, version};
  }
  if (!version.empty())
    throw UsageError("the version is given twice, in " + wharf::quoted(name) + " and as " +
                     wharf::quoted(version));
  if (at == 0 || at + 1 == name.size())
    throw UsageError(wharf::quoted(name) + " is not of the form 'NAME@VERSION'");
  return {name.substr(0, at), name.substr(at + 1)};
}

std::optional<std::string> ask_line(std::string_view prompt) {
  write_all(STDERR_FILENO, prompt);
  std::string line;
  char c = 0;
  while (read_some(STDIN_FILENO, std::as_writable_bytes(std::span(&c, 1))) == 1) {
    if (c == '\n') return std::string(trim(line));
    line += c;
  }
  if (line.empty()) return std::nullopt;
  return std::string(trim(line));
}

std::string password_for(const Session& session, std::string_view prompt) {
  if (session.arguments.has("--password")) {
    command::warn(
        "a password among the arguments can be seen by others on this machine and stays in the shell's "
        "history; leave '--password' away to be asked for it, or write it to standard input");
    return session.arguments.value("--password");
  }
  if (command::is_terminal(STDIN_FILENO)) return command::ask_secretly(std::string(prompt) + ": ");
  return command::new_password(prompt);
}

void warn_of_plain_http(const Session& session) {
  const auto origin = origin_of(session.registry);
  if (!origin || origin->scheme != "http" || is_loopback(origin->host)) return;
  command::warn("the registry " + wharf::quoted(session.registry) +
                " is reached without encryption: whoever is on the way can read passwords and tokens; use "
                "its https address");
}

std::optional<std::size_t> output_width() {
  if (!command::is_terminal(STDOUT_FILENO)) return std::nullopt;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string cut_to(std::string_view text, std::size_t width) {
  if (command::width_of(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t end = 0, columns = 0;
  while (end < text.size()) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (begins && ++columns == width) break;
    ++end;
  }
  auto kept = std::string(text.substr(0, end));
  while (kept.ends_with(' ')) kept.pop_back();
  return kept + "…";
}

}  // namespace wharf::client
