// SPDX-License-Identifier: MIT
#include "client/manifest/project.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

#include "client/manifest/workspace.hpp"
#include "client/profile/profile.hpp"
#include "client/program/whole_file.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/manifest.hpp"
#include "libwharf/package/manifest_dependencies.hpp"

namespace wharf::client {

namespace {

// Said before the parser gets to it: what it would say of such a line helps nobody.
void require_merged(std::string_view file, std::string_view text) {
  if (text.starts_with("<<<<<<< ") || text.find("\n<<<<<<< ") != text.npos)
    throw Error(
        Code::manifest_invalid,
        wharf::quoted(file) + " has the marks of a merge that is not finished; settle it and try again");
}

DirectDependency direct(const WrittenDependency& entry, const Path& beside) {
  DirectDependency out;
  out.name = entry.dependency.name;
  out.requirement = entry.dependency.requirement;
  out.written = entry.written;
  out.dev = entry.dependency.kind == Dependency::Kind::dev;
  out.optional = entry.dependency.optional;
  if (entry.path) out.path = absolute_path(beside, *entry.path);
  out.git = entry.git;
  out.registry = entry.registry;
  return out;
}

Project read(const Profile& profile, const Path& root, std::string manifest_file, std::string text) {
  Project project;
  project.root = root;
  project.manifest_file = std::move(manifest_file);
  project.text = std::move(text);
  require_merged(project.manifest_file, project.text);

  const ManifestReading reading = reading_of(profile, project.manifest_file);
  const ManifestForm form{reading.dialect, reading.bare, reading.toml};
  const json::Document document = read_manifest_document(project.manifest_file, form.toml, project.text);
  const ManifestSection manifest(project.manifest_file, "", document.root());
  const bool flat = is_flat_manifest(form, manifest);
  const ManifestSection package = flat ? manifest : manifest.table("package");
  project.name = package.text("name", ManifestLimits::text).value_or("");
  if (const auto version = package.text("version", ManifestLimits::text))
    project.version = Version::from(*version);

  Workspace workspace(profile, project, manifest);
  for (const auto& entry : read_dependencies(manifest, form, flat, ReadFor::consuming)) {
    project.dependencies.push_back(direct(entry, root));
    if (entry.workspace && entry.written.empty() && !entry.path)
      workspace.fill_in(project.dependencies.back());
  }
  return project;
}

}  // namespace

Path absolute_path(const Path& beside, const std::string& written) {
  Path path = (beside / written).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

ManifestReading reading_of(const Profile& profile, std::string_view manifest_file) {
  ManifestReading reading{profile.dialect, profile.bare, manifest_file.ends_with(".toml")};
  if (manifest_file == profile.manifest_file) return reading;
  if (const auto known = manifest_form(manifest_file)) return {known->dialect, known->bare, known->toml};
  return reading;
}

std::optional<Project> project_in(const Profile& profile, const Path& directory) {
  std::vector<std::string> names = profile.other_manifests;
  names.insert(names.begin(), profile.manifest_file);
  for (auto& name : names) {
    std::error_code unreadable;
    if (!std::filesystem::is_regular_file(directory / name, unreadable)) continue;
    auto text = read_file(directory / name, 1 << 20);
    if (text) return read(profile, directory, std::move(name), std::move(*text));
  }
  return std::nullopt;
}

std::optional<Project> find_project(const Profile& profile, const Path& from) {
  for (Path directory = absolute_path(std::filesystem::current_path(), from.native());;
       directory = directory.parent_path()) {
    if (auto project = project_in(profile, directory)) return project;
    if (directory == directory.parent_path()) return std::nullopt;
  }
}

Project project_with(const Profile& profile, const Project& project, std::string text) {
  return read(profile, project.root, project.manifest_file, std::move(text));
}

void replace_text(const Path& file, std::string_view text) {
  std::error_code missing;
  const Path real = std::filesystem::canonical(file, missing);
  const Path& target = missing ? file : real;
  unsigned mode = 0644;
  struct stat status {};
  if (::stat(target.c_str(), &status) == 0) mode = status.st_mode & 0777U;
  if (const auto before = read_file(target)) {
    std::string plain;
    for (const char c : *before)
      if (c != '\r') plain += c;
    if (*before == text || plain == text) return;
  }
  put_whole_file(target, text, mode, Durable::yes);
}

}  // namespace wharf::client
