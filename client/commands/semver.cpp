// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "client/commands/commands.hpp"
#include "client/commands/semver_lines.hpp"
#include "client/program/exit.hpp"
#include "client/program/input_lines.hpp"
#include "client/program/session.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/package/requirement.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::client {

namespace {

using namespace command;

constexpr std::string_view k_from_input =
    "Without versions on the command line they are read from standard input, one a line; empty lines are "
    "passed over.";
const OptionSpec k_bare{.name = "--bare",
                        .value = "MEANING",
                        .help = "what a bare `1.2.3` means; the profile says it otherwise",
                        .choices = "caret exact"};

Bare bare_of(const Session& session) {
  if (!session.arguments.has("--bare")) return session.profile.bare;
  return session.arguments.value("--bare") == "exact" ? Bare::exact : Bare::caret;
}

int order_of(const Version& a, const Version& b) {
  const auto order = compare_precedence(a, b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

int compare(const Arguments& arguments) {
  const auto session = open_session(arguments);
  Printer printer(session.json);
  if (session.json) printer.writer.begin_object().key("comparisons").begin_array();
  const auto tell = [&](std::string_view a, std::string_view b) {
    const int order = order_of(parse_version(a), parse_version(b));
    if (session.json)
      printer.writer.begin_object().member("a", a).member("b", b).member("order", order).end_object();
    else
      printer << a << (order < 0 ? " < " : order > 0 ? " > " : " = ") << b;
    printer.line();
  };
  if (!arguments["A"].empty()) {
    if (arguments["B"].empty())
      throw UsageError("'semver compare' needs two versions, or none and lines of two on standard input");
    tell(arguments["A"], arguments["B"]);
  } else {
    InputLines input(STDIN_FILENO);
    for (std::string_view line; input.next(line);) {
      line = trim(line);
      if (line.empty()) continue;
      const auto end = std::min(line.find_first_of(" \t"), line.size());
      try {
        tell(line.substr(0, end), trim(line.substr(end)));
      } catch (const Error& error) {
        throw in_line(error, input.number());
      }
    }
  }
  if (session.json) printer.writer.end_array().end_object();
  printer.end();
  return k_ok;
}

// Lines of a requirement, a tab and a version: what both are is in the input.
int match_pairs(const Session& session) {
  Printer printer(session.json);
  if (session.json) printer.writer.begin_object().key("rows").begin_array();
  InputLines input(STDIN_FILENO);
  std::string known;
  std::optional<Requirement> requirement;
  for (std::string_view line; input.next(line);) {
    if (trim(line).empty()) continue;
    const auto tab = line.find('\t');
    try {
      if (tab == line.npos)
        throw Error(Code::bad_request,
                    "there is no tab between the requirement and the version in " + wharf::quoted(line));
      if (!requirement || line.substr(0, tab) != known) {
        known = line.substr(0, tab);
        requirement = parse_requirement(known, bare_of(session));
      }
      const auto version = trim(line.substr(tab + 1));
      const bool matches = requirement->matches(parse_version(version));
      if (session.json)
        printer.writer.begin_object()
            .member("requirement", known)
            .member("version", version)
            .member("matches", matches)
            .end_object();
      else
        printer << (matches ? "true" : "false");
    } catch (const Error& error) {
      throw in_line(error, input.number());
    }
    printer.line();
  }
  if (session.json) printer.writer.end_array().end_object();
  printer.end();
  return k_ok;
}

int match(const Arguments& arguments) {
  const auto session = open_session(arguments);
  if (arguments["REQ"].empty()) return match_pairs(session);
  const auto requirement = parse_requirement(arguments["REQ"], bare_of(session));
  Printer printer(session.json);
  if (session.json)
    printer.writer.begin_object().member("requirement", requirement.text()).key("versions").begin_array();
  bool any = false;
  each_version(arguments, [&](std::string_view text, const Version& version) {
    if (!requirement.matches(version)) return;
    any = true;
    if (session.json)
      printer.writer.value(text);
    else
      printer << text;
    printer.line();
  });
  if (session.json) printer.writer.end_array().end_object();
  printer.end();
  return any ? k_ok : k_failed;
}

int sort(const Arguments& arguments) {
  const auto session = open_session(arguments);
  std::vector<Version> versions;
  each_version(arguments, [&](std::string_view, const Version& version) { versions.push_back(version); });
  std::ranges::stable_sort(versions, std::less<>());
  if (arguments.has("--reverse")) std::ranges::reverse(versions);
  Printer printer(session.json);
  if (session.json) printer.writer.begin_object().key("versions").begin_array();
  for (const auto& version : versions) {
    if (session.json)
      printer.writer.value(version.text());
    else
      printer << version.text();
    printer.line();
  }
  if (session.json) printer.writer.end_array().end_object();
  printer.end();
  return k_ok;
}

int max(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto requirement = parse_requirement(arguments["REQ"], bare_of(session));
  std::optional<Version> best;
  each_version(arguments, [&](std::string_view, const Version& version) {
    if (requirement.matches(version) && (!best || *best < version)) best = version;
  });
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("requirement", requirement.text());
    writer.member("version", best ? std::optional(best->text()) : std::nullopt).end_object();
    finish(writer);
  } else if (best) {
    say(best->text());
  } else {
    note("none of the versions satisfies " + wharf::quoted(requirement.text()));
  }
  return best ? k_ok : k_failed;
}

}  // namespace

Command semver_compare_command() {
  return {.words = "semver compare",
          .positional = "[A] [B]",
          .help = "say which of two versions comes first",
          .run = compare,
          .description =
              "Prints `A < B`, `A = B` or `A > B` by the precedence of Semantic Versioning; build metadata "
              "does not count. "
              "Without versions it reads lines of two, with a blank between them, from standard input.",
          .examples = {{"wharf semver compare 1.0.0-rc.1 1.0.0", "a prerelease comes before its release"}}};
}

Command semver_match_command() {
  return {.words = "semver match",
          .positional = "[REQ] [VERSION...]",
          .help = "print the versions that satisfy a requirement",
          .run = match,
          .description =
              "Ends with 1 where none does. Without versions on the command line they are read from standard "
              "input, one a "
              "line. Without a requirement, too, each line of the input is one, a tab and a version, and "
              "`true` or `false` "
              "is printed for it.",
          .options = {k_bare},
          .examples = {{"wharf semver match '^1.2' 1.1.0 1.2.0 2.0.0", "which of three would do"},
                       {"wharf semver match '>=1.2, <1.5'", "filter a list on standard input"}}};
}

Command semver_sort_command() {
  return {.words = "semver sort",
          .positional = "[VERSION...]",
          .help = "sort versions, lowest first",
          .run = sort,
          .description = k_from_input,
          .options = {{"--reverse", "", "highest first"}},
          .examples = {{"wharf semver sort 1.10.0 1.9.0 1.10.0-rc.1", "numbers are numbers"}}};
}

Command semver_max_command() {
  return {.words = "semver max",
          .positional = "REQ [VERSION...]",
          .help = "print the highest version that satisfies a requirement",
          .run = max,
          .description = k_from_input,
          .options = {k_bare},
          .examples = {{"wharf semver max '~1.2' 1.2.0 1.2.9 1.3.0", "what would be chosen"}}};
}

}  // namespace wharf::client
