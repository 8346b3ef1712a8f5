// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>

#include "client/commands/calls.hpp"
#include "client/commands/commands.hpp"
#include "client/program/exit.hpp"
#include "client/registry/index.hpp"
#include "client/registry/origin.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

using namespace command;

constexpr std::size_t k_versions_shown = 10;

std::string joined(const std::vector<std::string>& texts) {
  std::string text;
  for (const auto& one : texts) text.append(text.empty() ? "" : ", ").append(one);
  return text;
}

std::vector<std::string> texts_of(json::Value list, std::string_view member = {}) {
  std::vector<std::string> texts;
  list.each([&](json::Value one) {
    const auto text = member.empty() ? one.string() : one[member].string();
    if (text) texts.emplace_back(*text);
  });
  return texts;
}

// "geo-kit ^1.2.0, plot >=0.4.0, <0.5.0" of an object name → requirement.
std::string dependencies_of(json::Value object) {
  std::vector<std::string> texts;
  object.each_member([&](std::string_view name, json::Value requirement) {
    texts.push_back(std::string(name) + " " + std::string(requirement.string().value_or("")));
  });
  return joined(texts);
}

class Shown {
 public:
  Shown& add(std::string_view name, const std::string& value) {
    if (!value.empty()) facts_.add(name, value);
    return *this;
  }
  Shown& add(std::string_view name, json::Value value) {
    return add(name, std::string(value.string().value_or("")));
  }
  Shown& add_number(std::string_view name, json::Value value) {
    if (const auto number = value.integer()) facts_.add(name, std::to_string(*number));
    return *this;
  }
  void print() const { facts_.print(); }

 private:
  Facts facts_;
};

void say_title(const std::string& name, const std::string& version, const std::string& description) {
  say(coloured(Colour::bold, printable(name + " " + version), STDOUT_FILENO));
  if (!description.empty()) say(printable(description));
}

// Where several are shown, the newest come first.
std::string versions_text(json::Value versions) {
  std::vector<std::string> texts;
  std::size_t count = 0;
  versions.each([&](json::Value one) {
    if (++count > k_versions_shown) return;
    const auto yanked = one["yanked"].boolean().value_or(false);
    texts.push_back(std::string(one.string().value_or(one["version"].string().value_or(""))) +
                    (yanked ? " (yanked)" : ""));
  });
  std::string text = joined(texts);
  if (count > k_versions_shown) text += " and " + std::to_string(count - k_versions_shown) + " more";
  return text;
}

void add_common(Shown& shown, json::Value root) {
  shown.add("license", root["license"]).add("authors", joined(texts_of(root["authors"])));
  shown.add("homepage", root["homepage"]).add("repository", root["repository"]);
  shown.add("documentation", root["documentation"]);
  shown.add("keywords", joined(texts_of(root["keywords"])))
      .add("categories", joined(texts_of(root["categories"])));
}

void show_package(json::Value root) {
  const auto latest = text_of(root, "latest_version");
  say_title(text_of(root, "name"), latest, text_of(root, "description"));
  Shown shown;
  shown.add("latest", latest.empty() ? "none" : latest).add("versions", versions_text(root["versions"]));
  add_common(shown, root);
  shown.add("owners", joined(texts_of(root["owners"], "username")));
  if (texts_of(root["owners"], "username").empty()) shown.add("owners", joined(texts_of(root["owners"])));
  shown.add_number("downloads", root["total_downloads"]);
  shown.add("first published", root["created_at"]).add("last change", root["updated_at"]);
  shown.print();
}

void show_version(json::Value root) {
  say_title(text_of(root, "name"), text_of(root, "version"), text_of(root, "description"));
  if (root["yanked"].boolean().value_or(false)) {
    const auto reason = text_of(root, "yank_reason");
    warn("this version is yanked" + (reason.empty() ? "" : ": " + printable(reason)));
  }
  Shown shown;
  add_common(shown, root);
  shown.add("needs", dependencies_of(root["dependencies"]));
  shown.add("needs to develop", dependencies_of(root["dev_dependencies"]));
  shown.add("sha256", root["checksum"]);
  if (const auto size = root["size"].integer())
    shown.add("size", size_text(static_cast<std::uint64_t>(*size)));
  shown.add("published", root["published_at"]).add("by", root["published_by"]);
  shown.add_number("downloads", root["downloads"]);
  shown.print();
}

// What a directory, or the cache alone, can tell: the index document.
int from_index(const Session& session, const std::string& name, const std::string& version) {
  Index index(access_of(session));
  const auto* document = index.document(name);
  if (!document)
    throw Error(Code::not_found,
                "there is no package " + wharf::quoted(name) +
                    (session.offline ? " in the cache; leave '--offline' away to ask the registry"
                                     : " in " + wharf::quoted(session.registry)));
  if (session.json) {
    say(document->render("", IndexDocument::Order::newest_first));
    return k_ok;
  }
  const auto& versions = document->versions();
  const auto wanted = Version::from(version);
  const auto* entry = wanted ? document->find(*wanted) : versions.empty() ? nullptr : &versions.back();
  if (!version.empty() && !entry)
    throw Error(Code::not_found,
                "there is no version " + wharf::quoted(version) + " of " + wharf::quoted(name));
  say_title(name, entry ? entry->version.text() : "", document->metadata().description.value_or(""));
  Shown shown;
  std::vector<std::string> texts, needs;
  for (auto one = versions.rbegin(); one != versions.rend(); ++one)
    texts.push_back(one->version.text() + (one->yanked ? " (yanked)" : ""));
  shown.add("versions", joined(texts)).add("license", document->metadata().license.value_or(""));
  if (entry) {
    for (const auto& need : entry->dependencies)
      if (need.kind == Dependency::Kind::normal) needs.push_back(need.name + " " + need.requirement);
    shown.add("needs", joined(needs)).add("sha256", entry->checksum).add("published", entry->published_at);
  }
  shown.print();
  return k_ok;
}

// The registry's own "not found", with names that are near.
Error with_near_names(const Session& session, const std::string& name, const Error& error) {
  std::vector<std::string> near;
  try {
    near = Index(access_of(session)).near(name);
  } catch (const Error&) {
    // What is near is a kindness; that the package is not there is the answer.
  }
  if (near.empty()) return error;
  std::string names;
  for (std::size_t i = 0; i < near.size(); ++i)
    names += (i == 0 ? "" : i + 1 == near.size() ? " or " : ", ") + wharf::quoted(near[i]);
  return Error(error.code(), error.public_message() + "; did you mean " + names + "?");
}

int info(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto& what = arguments["NAME"];
  const auto at = what.find('@');
  const auto name = what.substr(0, at), version = at == what.npos ? "" : what.substr(at + 1);
  if (name.empty() || (at != what.npos && version.empty()))
    throw UsageError(wharf::quoted(what) + " is not of the form 'NAME' or 'NAME@VERSION'");
  if (session.offline || registry_directory(session.require_registry()))
    return from_index(session, name, version);
  auto api = reading_api(session);
  try {
    const auto answer = api.get(version.empty() ? package_path(name) : version_path(name, version));
    if (session.json)
      say(answer.response.body);
    else
      version.empty() ? show_package(answer.root()) : show_version(answer.root());
    return k_ok;
  } catch (const Error& error) {
    if (error.code() != Code::not_found || !version.empty()) throw;
    throw with_near_names(session, name, error);
  }
}

}  // namespace

Command info_command() {
  return {.words = "info",
          .positional = "NAME",
          .help = "show what the registry knows of a package or one of its versions",
          .run = info,
          .description =
              "`NAME` is about the package, `NAME@VERSION` about that version; `NAME@latest` is the highest. "
              "With `--offline`, and of a registry that is a folder, it shows what the index says.",
          .examples = {{"wharf info tide-tables", "which versions are there?"},
                       {"wharf info tide-tables@1.1.0", "what does that version need?"}}};
}

}  // namespace wharf::client
