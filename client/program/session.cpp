// SPDX-License-Identifier: MIT
#include "client/program/session.hpp"

#include <cstdlib>

#include "client/registry/origin.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

using command::UsageError;

std::string started_as;

std::string variable(const std::string& name) {
  const char* value = name.empty() ? nullptr : std::getenv(name.c_str());
  return value ? value : "";
}

// "raven" for "/usr/local/bin/raven-pkg", where there is such a profile.
std::string profile_in_name(std::string_view path) {
  auto name = path.substr(path.rfind('/') + 1);
  if (!name.ends_with("-pkg")) return {};
  name.remove_suffix(4);
  for (const auto& known : profile_names())
    if (known == name) return known;
  return {};
}

// The profile whose manifest lies in the nearest folder upwards. In one folder the user's own profiles come
// first, since they are the more particular ones.
ChosenProfile profile_of_manifest(const Path& directory) {
  std::vector<Profile> profiles;
  for (const auto& name : profile_names()) {
    auto profile = find_profile(name);
    const bool own = profile.source != "built in";
    profiles.insert(own ? profiles.begin() : profiles.end(), std::move(profile));
  }
  for (Path folder = directory;; folder = folder.parent_path()) {
    for (const auto& profile : profiles) {
      auto names = profile.other_manifests;
      names.insert(names.begin(), profile.manifest_file);
      for (const auto& name : names) {
        std::error_code none;
        if (std::filesystem::is_regular_file(folder / name, none))
          return {profile.name, "the manifest " + wharf::quoted((folder / name).native())};
      }
    }
    if (folder == folder.parent_path()) return {};
  }
}

Path directory_of(const command::Arguments& arguments) {
  const auto directory =
      std::filesystem::absolute(arguments.has("--directory") ? arguments.value("--directory") : ".");
  std::error_code none;
  if (!std::filesystem::is_directory(directory, none))
    throw UsageError("there is no folder " + wharf::quoted(directory.native()) + " (-C)");
  const auto normal = directory.lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

Path below_directory(const Path& directory, const Path& below) {
  if (below.empty()) return directory;
  const auto normal = (directory / below).lexically_normal();
  std::error_code none;
  if (!std::filesystem::is_directory(normal, none))
    throw UsageError("there is no folder " + wharf::quoted(normal.native()));
  return normal.has_filename() ? normal : normal.parent_path();
}

std::string typed_registry(const command::Arguments& arguments, const Profile& profile,
                           const Configuration& configuration) {
  if (arguments.has("--registry")) return arguments.value("--registry");
  for (const auto& name : {std::string("WHARF_REGISTRY"), profile.registry_environment})
    if (const auto value = variable(name); !value.empty()) return value;
  if (const auto found = configuration.registries.find(profile.name); found != configuration.registries.end())
    return found->second;
  return profile.default_registry;
}

}  // namespace

std::string_view program_started_as(const char* argv0) {
  started_as = argv0 ? argv0 : "";
  const auto profile = profile_in_name(started_as);
  if (profile.empty()) return "wharf";
  return std::string_view(started_as).substr(started_as.rfind('/') + 1);
}

ChosenProfile choose_profile(const std::string& option, const Path& directory) {
  if (!option.empty()) return {option, "--profile"};
  if (const auto value = variable("WHARF_PROFILE"); !value.empty()) return {value, "WHARF_PROFILE"};
  if (const auto name = profile_in_name(started_as); !name.empty()) return {name, "the program's name"};
  if (auto found = profile_of_manifest(directory); !found.name.empty()) return found;
  return {"wharf", "default"};
}

std::string registry_from(std::string_view typed, const Profile& profile, const Path& directory) {
  std::string text(trim(typed));
  if (text.empty()) return text;
  if (text.starts_with('/') || text.starts_with('.'))
    text = "file://" + (directory / text).lexically_normal().native();
  try {
    auto base = registry_base(text);
    // Where the language's own client is sent, a dialect answers; ours speaks to the registry itself.
    const std::string dialect = "/" + std::string(dialect_name(profile.dialect));
    if (profile.dialect != Dialect::native && base.ends_with(dialect) && !registry_directory(base))
      base.resize(base.size() - dialect.size());
    return base;
  } catch (const Error& error) {
    throw UsageError(error.public_message());
  }
}

const std::string& Session::require_registry() const {
  if (registry.empty())
    throw UsageError("profile " + wharf::quoted(profile.name) +
                     " has no registry; name one with --registry or `wharf config set registry." +
                     profile.name + " URL`");
  return registry;
}

Session open_session(const command::Arguments& arguments) {
  return open_session(arguments, Path());
}

Session open_session(const command::Arguments& arguments, const Path& below) {
  const auto directory = below_directory(directory_of(arguments), below);
  auto profile = find_profile(choose_profile(arguments.value("--profile"), directory).name);
  auto configuration = read_configuration();
  auto registry = registry_from(typed_registry(arguments, profile, configuration), profile, directory);
  return {.arguments = arguments,
          .directory = directory,
          .profile = std::move(profile),
          .registry = std::move(registry),
          .offline = arguments.has("--offline"),
          .json = arguments.json(),
          .quiet = arguments.has("--quiet"),
          .verbose = arguments.has("--verbose"),
          .configuration = std::move(configuration)};
}

}  // namespace wharf::client
