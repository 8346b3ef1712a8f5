// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <filesystem>

#include "client/commands/commands.hpp"
#include "client/commands/version_control.hpp"
#include "client/manifest/new_manifest.hpp"
#include "client/program/exit.hpp"
#include "client/program/session.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

using namespace command;
namespace fs = std::filesystem;

std::vector<std::string> authors_of(const Arguments& arguments, const Path& folder) {
  if (arguments.has("--author")) return arguments.values("--author");
  if (auto name = git_user_name(folder)) return {*name};
  for (const char* variable : {"USER", "LOGNAME"})
    if (const char* name = std::getenv(variable); name != nullptr && *name != '\0' && is_utf8(name))
      return {name};
  return {};
}

void require_no_manifest(const Session& session, const Path& folder) {
  auto names = session.profile.other_manifests;
  names.push_back(session.profile.manifest_file);
  for (const auto& name : names)
    if (fs::exists(folder / name))
      throw Error(Code::conflict, wharf::quoted((folder / name).string()) +
                                      " already exists; change it, or begin in another folder");
}

int init(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto folder = (session.directory / arguments["PATH"]).lexically_normal();
  NewProject project;
  project.name = arguments.has("--name") ? arguments.value("--name") : name_for_directory(folder);
  if (arguments.has("--version-number")) project.version = arguments.value("--version-number");
  if (arguments.has("--description")) project.description = arguments.value("--description");
  if (arguments.has("--license")) project.license = arguments.value("--license");
  require_no_manifest(session, folder);
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure)
    throw Error(Code::bad_request,
                "the folder " + wharf::quoted(folder.string()) + " cannot be made: " + failure.message());
  project.authors = authors_of(arguments, folder);
  const auto text = new_manifest_text(session.profile, project);

  std::vector<std::string> made{session.profile.manifest_file};
  write_file_durably(folder / session.profile.manifest_file, text);
  for (const auto& [path, content] : new_project_files(session.profile, project)) {
    if (fs::exists(folder / path)) continue;
    fs::create_directories((folder / path).parent_path());
    write_file_durably(folder / path, content);
    made.push_back(path.generic_string());
  }
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("name", project.name).member("directory", folder.string());
    writer.member("files", made).end_object();
    finish(writer);
    return k_ok;
  }
  say("made the package " + wharf::quoted(project.name) + " in " + folder.string());
  for (const auto& file : made) note("  " + file);
  return k_ok;
}

}  // namespace

Command init_command() {
  return {.words = "init",
          .positional = "[PATH]",
          .help = "begin a package: write its manifest",
          .run = init,
          .effect = Effect::maintains,
          .description =
              "In the current folder, or in `PATH`, which is made where it is not there. What is there "
              "already is "
              "never written over. The package can be published as it is.",
          .options = {{"--name", "NAME", "the package's name; the folder's unless told"},
                      {"--version-number", "VERSION", "0.1.0 unless told"},
                      {"--description", "TEXT", "one sentence"},
                      {"--license", "SPDX", "MIT unless told"},
                      {.name = "--author",
                       .value = "NAME",
                       .help = "may be repeated; git's `user.name` unless told",
                       .repeatable = true}},
          .examples = {{"wharf init tide-tables", "a new folder with a manifest"},
                       {"wharf init --profile raven --name sky-ui", "the manifest of another language"}}};
}

}  // namespace wharf::client
