// SPDX-License-Identifier: MIT
#include "client/manifest/new_manifest.hpp"

#include "client/manifest/toml_map.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/name.hpp"

namespace wharf::client {

namespace {

std::string toml_texts(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + toml_quoted(text);
  return "[" + out + "]";
}

// Raven refuses a manifest without authors, and all three have the tables ready for what is added later.
std::string toml_text(const Profile& profile, const NewProject& project) {
  std::string out =
      "[package]\nname = " + toml_quoted(project.name) + "\nversion = " + toml_quoted(project.version) + "\n";
  if (!project.description.empty()) out += "description = " + toml_quoted(project.description) + "\n";
  if (!project.authors.empty() || profile.dialect != Dialect::native)
    out += "authors = " + toml_texts(project.authors) + "\n";
  if (!project.license.empty()) out += "license = " + toml_quoted(project.license) + "\n";
  return out + "\n[dependencies]\n\n[dev-dependencies]\n";
}

// Synapse's own client wants an author, its registry a description that is not empty.
std::string json_text(const NewProject& project) {
  const auto member = [](std::string_view key, const std::string& value) {
    return "  " + json::quote(key) + ": " + value;
  };
  const std::string author = project.authors.empty() ? std::string() : project.authors.front();
  const std::string description =
      project.description.empty() ? "The package " + project.name : project.description;
  std::string out = "{\n" + member("name", json::quote(project.name)) + ",\n" +
                    member("version", json::quote(project.version)) + ",\n" +
                    member("description", json::quote(description)) + ",\n";
  if (project.authors.size() > 1) {
    json::Writer authors;
    authors.value(project.authors);
    out += member("authors", authors.take()) + ",\n";
  } else {
    out += member("author", json::quote(author)) + ",\n";
  }
  if (!project.license.empty()) out += member("license", json::quote(project.license)) + ",\n";
  return out + member("keywords", "[]") + ",\n" + member("dependencies", "{}") + ",\n" +
         member("devDependencies", "{}") + "\n}\n";
}

}  // namespace

std::string new_manifest_text(const Profile& profile, const NewProject& project) {
  require_package_name(project.name);
  parse_publishable_version(project.version);
  return reading_of(profile, profile.manifest_file).toml ? toml_text(profile, project) : json_text(project);
}

std::vector<std::pair<Path, std::string>> new_project_files(const Profile& profile, const NewProject&) {
  if (profile.dialect == Dialect::vais && profile.manifest_file == "vais.toml")
    return {{"src/main.vais", ""}};
  return {};
}

std::string name_for_directory(const Path& directory) {
  std::string name;
  const Path tidy = directory.lexically_normal();
  for (const char c : fold((tidy.has_filename() ? tidy : tidy.parent_path()).filename().native())) {
    const bool separator = !is_alphanumeric(c);
    if (separator && (name.empty() || !is_alphanumeric(name.back()))) continue;
    if (name.size() == k_name_bytes) break;
    name += !separator ? c : c == '_' || c == '.' ? c : '-';
  }
  while (!name.empty() && !is_alphanumeric(name.back())) name.pop_back();
  return is_package_name(name) ? name : "my-package";
}

}  // namespace wharf::client
