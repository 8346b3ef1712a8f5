// SPDX-License-Identifier: MIT
#include "client/install/trees.hpp"

#include <sys/stat.h>

#include <system_error>

#include "client/install/places.hpp"
#include "client/install/unpack.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/base/failpoint.hpp"

namespace wharf::client {

namespace {

bool is_there(const Path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

void finish_tree(const Profile& profile, const Path& project_root, const Path& packages, const Say& say) {
  const Path unfinished = new_tree(packages), old = old_tree(packages);
  if (is_there(old)) {
    if (!is_there(packages))
      rename_over(old, packages);
    else if (!is_there(unfinished))
      rename_over(old, unfinished);
  }
  if (is_there(pending_file(packages))) {
    if (say) say("ending what an interrupted command began");
    end_change(profile, project_root, packages, say);
  } else {
    std::error_code failed;
    std::filesystem::remove_all(unfinished, failed);
  }
}

}  // namespace

Path link_to(const Path& directory, const Path& place) {
  Path link = directory.lexically_relative(place.parent_path());
  return link.empty() ? directory : link;
}

std::vector<RecordedPackage> recorded_packages(const Profile& profile, const Path& packages) {
  std::vector<RecordedPackage> found;
  for (const auto& key : record_keys(packages))
    if (auto record = read_record(record_file(packages, key)); record && record->key() == key) {
      Path path = package_path(profile, record->name, record->version);
      found.push_back({std::move(path), std::move(*record)});
    }
  return found;
}

bool is_installed(const Profile& profile, const Path& packages, const ToInstall& package) {
  const Path path = packages / package_path(profile, package.name, package.version);
  const std::string key = package.in_place ? package.name + "@" + std::string(k_in_place_version)
                                           : key_of(package.name, package.version);
  const auto record = read_record(record_file(packages, key));
  if (!record || record->key() != key || record->version != package.version) return false;
  if (!package.in_place) return record->checksum == package.checksum && is_intact(path, *record);
  std::error_code none;
  return std::filesystem::read_symlink(path, none) == link_to(*package.in_place, path) && !none;
}

InstallReport put_in_place(const Profile& profile, const Path& project_root,
                           std::span<const ToInstall> packages, const InstallOptions& options) {
  const ProjectClaim claim(project_root, options.say);
  finish_interrupted(profile, project_root, options.say);
  if (profile.shares_packages()) return put_in_shared_tree(profile, project_root, packages, options);
  return put_in_own_tree(profile, project_root, packages, options);
}

bool finish_interrupted(const Profile& profile, const Path& project_root, const Say& say) {
  const bool own = !profile.shares_packages();
  const Path pending = pending_in_project(project_root);
  const Path packages = own ? packages_directory(profile, project_root) : Path();
  const Path unfinished = new_tree(packages), old = old_tree(packages);
  const bool files = is_there(pending);
  const bool tree = own && (is_there(unfinished) || is_there(old) || is_there(pending_file(packages)));
  if (!files && !tree) return false;
  // Whoever holds the claim is at work: then nothing was interrupted.
  const auto claim = ProjectClaim::if_free(project_root);
  if (!claim) return false;
  if (is_there(pending)) {
    put_pending_in_place(pending, profile, project_root, say);
    remove_file(pending);
  }
  if (tree) finish_tree(profile, project_root, packages, say);
  return true;
}

bool is_at_hand(const Profile& profile, const Path& project_root, const ToInstall& package) {
  if (package.in_place) return true;
  const Path packages = packages_directory(profile, project_root);
  if (is_installed(profile, packages, package)) return true;
  return !profile.shares_packages() && UnpackedStore(unpacked_directory(profile)).find(package).has_value();
}

}  // namespace wharf::client
