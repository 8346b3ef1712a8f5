// SPDX-License-Identifier: MIT
#include "client/profile/profile.hpp"
#include "client/profile/words.hpp"
#include "client/program/strict_table.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/aliases.hpp"

namespace wharf::client {

namespace {

template <class T, std::size_t n>
void read_word(StrictTable& table, const std::string& key, const Word<T> (&words)[n], T& meaning) {
  std::vector<std::string_view> known;
  for (const auto& one : words) known.push_back(one.word);
  const auto word = table.choice(key, known);
  if (!word) return;
  for (const auto& one : words)
    if (one.word == *word) meaning = one.meaning;
}

void read_text(StrictTable& table, const std::string& key, std::string& text) {
  if (auto given = table.text(key)) text = std::move(*given);
}

void read_texts(StrictTable& table, const std::string& key, std::vector<std::string>& texts) {
  if (auto given = table.texts(key)) texts = std::move(*given);
}

// A file of the project itself, wherever that is.
void require_file_name(const StrictTable& table, const std::string& key, const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != name.npos)
    table.refuse(key, "is " + wharf::quoted(name) + "; expected a file's name without a folder");
}

// The ending says how a manifest is written, and two of the dialects are written in one way alone.
void require_manifest_names(const StrictTable& table, const Profile& profile) {
  const std::string_view ending = profile.dialect == Dialect::synapse  ? ".json"
                                  : profile.dialect == Dialect::native ? ""
                                                                       : ".toml";
  auto names = profile.other_manifests;
  names.push_back(profile.manifest_file);
  for (const auto& name : names) {
    const std::string key = name == profile.manifest_file ? "manifest.file" : "manifest.also";
    if (!name.ends_with(".toml") && !name.ends_with(".json"))
      table.refuse(key, "is " + wharf::quoted(name) + "; expected a name that ends in '.toml' or '.json'");
    if (name == profile.manifest_file && !name.ends_with(ending))
      table.refuse(key, "is " + wharf::quoted(name) + "; manifests of the dialect " +
                            wharf::quoted(word_of(profile.dialect)) + " end in " + wharf::quoted(ending));
  }
}

// A path that a project is a part of must not lead out of it.
void require_path(const StrictTable& table, const std::string& key, const std::string& path) {
  if (path.empty()) table.refuse(key, "is empty; expected a path");
  for (const auto& part : Path(path))
    if (part == "..") table.refuse(key, "is " + wharf::quoted(path) + "; expected a path without '..'");
}

// What a missing key means.
Profile defaults() {
  Profile profile;
  profile.manifest_file = "wharf.toml";
  profile.lock_file = "wharf.lock";
  profile.packages_directory = "wharf_packages";
  profile.cache_directory = "~/.cache/wharf";
  profile.credentials_file = "~/.config/wharf/credentials.toml";
  return profile;
}

}  // namespace

Profile read_profile(std::string name, std::string source, std::string_view text) {
  StrictTable table(
      source == "built in" ? "built-in profile " + wharf::quoted(name) : "profile " + wharf::quoted(source),
      text);
  Profile profile = defaults();
  profile.name = std::move(name);
  profile.source = std::move(source);
  profile.language = profile.name;
  read_text(table, "language", profile.language);
  read_text(table, "manifest.file", profile.manifest_file);
  read_texts(table, "manifest.also", profile.other_manifests);
  read_word(table, "manifest.dialect", k_dialects, profile.dialect);
  if (profile.dialect == Dialect::synapse) profile.bare = Bare::exact;
  read_word(table, "manifest.bare", k_bares, profile.bare);
  read_text(table, "lock.file", profile.lock_file);
  read_word(table, "lock.form", k_lock_forms, profile.lock_form);
  read_text(table, "packages.directory", profile.packages_directory);
  read_word(table, "packages.layout", k_layouts, profile.layout);
  read_text(table, "cache.directory", profile.cache_directory);
  read_text(table, "credentials.file", profile.credentials_file);
  read_word(table, "credentials.form", k_credentials_forms, profile.credentials_form);
  read_text(table, "registry.default", profile.default_registry);
  read_text(table, "registry.environment", profile.registry_environment);
  read_text(table, "archive.top", profile.archive_top);
  read_texts(table, "archive.pack", profile.pack);
  read_texts(table, "archive.leave_out", profile.leave_out);
  read_word(table, "publish.mismatch", k_mismatches, profile.bare_publish_check_warns);
  for (const auto& [typed, meant] : table.texts_below("spellings")) {
    auto alias = command::alias_from(typed, meant);
    if (!alias)
      table.refuse(
          "spellings." + typed,
          "means " + wharf::quoted(meant) + "; expected something like '\"install -D\" = \"install --dev\"'");
    profile.spellings.push_back(std::move(*alias));
  }
  table.finish();
  if (profile.language.empty()) table.refuse("language", "is empty; expected the language's name");
  require_file_name(table, "manifest.file", profile.manifest_file);
  for (const auto& other : profile.other_manifests) require_file_name(table, "manifest.also", other);
  require_manifest_names(table, profile);
  require_file_name(table, "lock.file", profile.lock_file);
  require_path(table, "packages.directory", profile.packages_directory);
  require_path(table, "cache.directory", profile.cache_directory);
  require_path(table, "credentials.file", profile.credentials_file);
  if (!profile.archive_top.empty() && profile.archive_top != "{name}-{version}")
    table.refuse("archive.top",
                 "is " + wharf::quoted(profile.archive_top) + "; expected '' or '{name}-{version}'");
  if (profile.layout == Layout::name_version_nested && profile.archive_top.empty())
    table.refuse("packages.layout",
                 "is 'name-version-nested', which needs 'archive.top' to be '{name}-{version}'");
  return profile;
}

}  // namespace wharf::client
