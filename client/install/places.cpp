// SPDX-License-Identifier: MIT
#include "client/install/places.hpp"

#include <sys/stat.h>

#include "client/profile/profile.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

Path packages_directory(const Profile& profile, const Path& project_root) {
  Path packages = profile.expand(profile.packages_directory, project_root).lexically_normal();
  if (!packages.has_filename()) packages = packages.parent_path();
  struct stat status {};
  if (!profile.shares_packages() && ::lstat(packages.c_str(), &status) == 0 && !S_ISDIR(status.st_mode))
    throw Error(Code::conflict, wharf::quoted(packages.native()) +
                                    " is no directory, or a link to one; packages are only put into a "
                                    "directory of the project itself, so remove it or move it away");
  return packages;
}

Path package_path(const Profile& profile, std::string_view name, const Version& version) {
  const Path directory(name);
  const std::string text = version.text();
  switch (profile.layout) {
    case Layout::name_version:
      return directory / text;
    case Layout::name_version_nested:
      return directory / text / (std::string(name) + "-" + text);
    case Layout::cache_extracted:
      return directory / text / "extracted";
    case Layout::name:
      break;
  }
  return directory;
}

Path installed_path(const Profile& profile, const Path& project_root, std::string_view name,
                    const Version& version) {
  return profile.expand(profile.packages_directory, project_root).lexically_normal() /
         package_path(profile, name, version);
}

bool is_shared(const Profile& profile) {
  return profile.shares_packages();
}

Path unpacked_directory(const Profile& profile) {
  return profile.expand(profile.cache_directory, {}) / "unpacked";
}

Path new_tree(const Path& packages) {
  return packages.parent_path() / ("." + packages.filename().native() + ".new");
}

Path old_tree(const Path& packages) {
  return packages.parent_path() / ("." + packages.filename().native() + ".old");
}

Path pending_file(const Path& packages) {
  return packages / ".wharf" / "pending.json";
}

Path aside_directory_in(const Path& packages) {
  return packages / ".wharf" / "aside";
}

}  // namespace wharf::client
