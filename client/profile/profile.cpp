// SPDX-License-Identifier: MIT
#include "client/profile/profile.hpp"

#include <algorithm>
#include <set>

#include "client/profile/built_in.hpp"
#include "client/program/home.hpp"
#include "client/program/strict_table.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/nearest.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/aliases.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_largest_profile = 64u << 10;

template <class T>
struct Word {
  std::string_view word;
  T meaning;
};

constexpr Word<Dialect> k_dialects[] = {{"wharf", Dialect::native},
                                        {"synapse", Dialect::synapse},
                                        {"raven", Dialect::raven},
                                        {"vais", Dialect::vais}};
constexpr Word<Bare> k_bares[] = {{"caret", Bare::caret}, {"exact", Bare::exact}};
constexpr Word<LockForm> k_lock_forms[] = {{"wharf", LockForm::wharf},
                                           {"wharf-json", LockForm::wharf_json},
                                           {"synapse", LockForm::synapse},
                                           {"raven", LockForm::raven},
                                           {"vais", LockForm::vais}};
constexpr Word<Layout> k_layouts[] = {{"name", Layout::name},
                                      {"name-version", Layout::name_version},
                                      {"name-version-nested", Layout::name_version_nested},
                                      {"cache-extracted", Layout::cache_extracted}};
constexpr Word<CredentialsForm> k_credentials_forms[] = {{"wharf", CredentialsForm::wharf},
                                                         {"synapse", CredentialsForm::synapse},
                                                         {"raven", CredentialsForm::raven},
                                                         {"vais", CredentialsForm::vais}};
constexpr Word<bool> k_mismatches[] = {{"error", false}, {"warning", true}};

template <class T, std::size_t n>
void read_word(StrictTable& table, const std::string& key, const Word<T> (&words)[n], T& meaning) {
  std::vector<std::string_view> known;
  for (const auto& one : words) known.push_back(one.word);
  const auto word = table.choice(key, known);
  if (!word) return;
  for (const auto& one : words)
    if (one.word == *word) meaning = one.meaning;
}

template <class T, std::size_t n>
std::string_view find_word(const Word<T> (&words)[n], T meaning) {
  for (const auto& one : words)
    if (one.meaning == meaning) return one.word;
  return {};
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

bool is_profile_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && (is_lower(name.front()) || is_digit(name.front())) &&
         std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; });
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

Path Profile::expand(std::string_view path, const Path& project) const {
  const Path whole = with_home(path);
  return whole.is_absolute() ? whole : project / whole;
}

bool Profile::shares_packages() const {
  return with_home(packages_directory).is_absolute();
}

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

std::vector<std::string_view> built_in_names() {
  std::vector<std::string_view> names;
  for (const auto& one : k_built_in) names.push_back(one.name);
  return names;
}

std::string_view built_in_text(std::string_view name) {
  for (const auto& one : k_built_in)
    if (one.name == name) return one.text;
  return {};
}

Path user_profile_file(std::string_view name) {
  return configuration_directory() / "profiles" / (std::string(name) + ".toml");
}

std::vector<std::string> profile_names() {
  std::set<std::string> names;
  for (const auto name : built_in_names()) names.emplace(name);
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(configuration_directory() / "profiles", none))
    if (entry.path().extension() == ".toml" && is_profile_name(entry.path().stem().native()))
      names.insert(entry.path().stem());
  return {names.begin(), names.end()};
}

Profile find_profile(std::string_view name) {
  if (is_profile_name(name)) {
    const auto file = user_profile_file(name);
    if (const auto text = read_file(file, k_largest_profile))
      return read_profile(std::string(name), file, *text);
    if (const auto text = built_in_text(name); !text.empty())
      return read_profile(std::string(name), "built in", text);
  }
  const auto names = profile_names();
  const std::vector<std::string_view> known(names.begin(), names.end());
  const auto near = nearest(name, known);
  std::string listed;
  for (const auto& one : names) listed.append(listed.empty() ? "" : ", ").append(one);
  throw Error(
      Code::not_found,
      "there is no profile " + wharf::quoted(name) +
          (near.empty() ? "; there are " + listed + ", and a new one would be " +
                              wharf::quoted((configuration_directory() / "profiles" / "NAME.toml").native())
                        : "; did you mean " + wharf::quoted(near) + "?"));
}

std::string_view word_of(Dialect dialect) {
  return find_word(k_dialects, dialect);
}
std::string_view word_of(LockForm form) {
  return find_word(k_lock_forms, form);
}
std::string_view word_of(Layout layout) {
  return find_word(k_layouts, layout);
}
std::string_view word_of(CredentialsForm form) {
  return find_word(k_credentials_forms, form);
}
std::string_view word_of(Bare bare) {
  return find_word(k_bares, bare);
}

}  // namespace wharf::client
