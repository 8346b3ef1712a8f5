// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "client/install/file_faults.hpp"
#include "client/install/place_files.hpp"
#include "client/install/places.hpp"
#include "client/install/trees.hpp"
#include "client/install/unpack.hpp"
#include "client/manifest/project.hpp"
#include "client/profile/profile.hpp"
#include "client/program/exit.hpp"
#include "client/program/whole_file.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

void require_no_other(const Profile& profile, const Path& packages, const ToInstall& package) {
  const auto record = read_record(record_file(packages, key_of(package.name, package.version)));
  if (!record || record->name != package.name || record->version != package.version ||
      record->checksum == package.checksum)
    return;
  const Path place = packages / package_path(profile, package.name, package.version);
  if (!is_intact(place, *record)) return;
  throw IntegrityError(
      "another " + wharf::quoted(package.name) + " " + package.version.text() + " lies in '" +
      place.native() + "', which all projects share: its archive has the SHA-256 " + record->checksum +
      ", and " + package.checksum +
      " is wanted here; nothing was changed. Where no project needs that one, remove the folder");
}

class SharedTree {
 public:
  SharedTree(const Profile& profile, const Path& project_root, const InstallOptions& options)
      : profile_(profile),
        root_(project_root),
        options_(options),
        packages_(packages_directory(profile, project_root)) {}

  InstallReport put(std::span<const ToInstall> wanted) {
    require_places(profile_, root_, wanted);
    std::size_t done = 0;
    for (const auto& package : wanted) {
      // A link would be one project's, and all would see it.
      if (!package.in_place) {
        const std::string key = key_of(package.name, package.version);
        const bool there = is_installed(profile_, packages_, package);
        if (!there) put_one(package, key);
        (there ? report_.unchanged : report_.installed).push_back(key);
      }
      if (options_.progress) options_.progress(++done, wanted.size());
    }
    failpoint("install-shared-in-place");
    change_files(profile_, root_, options_.files, options_.say);
    for (auto* keys : {&report_.installed, &report_.unchanged}) std::sort(keys->begin(), keys->end());
    return std::move(report_);
  }

 private:
  void put_one(const ToInstall& package, const std::string& key) {
    if (package.archive.empty())
      throw Error(Code::unavailable, wharf::quoted(package.name) + " " + package.version.text() +
                                         " is gone from the cache; run the command again");
    WorkDirectory work(packages_ / ".wharf");
    const Path fresh = work.path() / "files";
    const PackageRecord record = unpack(package, fresh);
    seal_files(fresh, record, false);
    const Path path = package_path(profile_, package.name, package.version);
    const Path target = packages_ / path;
    std::filesystem::create_directories(target.parent_path());
    if (profile_.layout == Layout::cache_extracted) keep_archive(package, work.path(), target.parent_path());
    std::filesystem::create_directories(records_directory(packages_));
    // The record comes last: a package without one is looked at anew.
    failpoint("install-shared-unpacked");
    if (!rename_no_replace(fresh, target)) put_in_the_place_of(fresh, target, path, record);
    failpoint("install-shared-renamed");
    for (const auto& other : record_keys(packages_))
      if (profile_.layout == Layout::name && other.starts_with(package.name + "@") && other != key)
        remove_file(record_file(packages_, other));
    put_whole_file(record_file(packages_, key), render_record(record), 0644, Durable::yes);
  }

  // The archive lies beside what was extracted of it, as Vais's documents say.
  static void keep_archive(const ToInstall& package, const Path& work, const Path& directory) {
    const Path own = directory / "archive.tar.gz";
    std::error_code failed;
    if (std::filesystem::equivalent(own, package.archive, failed)) return;
    const Path beside = work / "archive.tar.gz";
    if (::link(package.archive.c_str(), beside.c_str()) != 0)
      std::filesystem::copy_file(package.archive, beside);
    rename_over(beside, own);
  }

  // What lay there goes, if it is the same or nobody's but ours; else it is kept aside.
  void put_in_the_place_of(const Path& fresh, const Path& target, const Path& path,
                           const PackageRecord& record) {
    if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0)
      throw system_error("exchanging", target.native());
    if (is_replaceable(fresh, path, record)) return;  // it goes with the working directory
    Path aside = aside_directory_in(packages_) / path;
    for (int number = 2; std::filesystem::exists(std::filesystem::symlink_status(aside)); ++number)
      aside = aside_directory_in(packages_) / (path.native() + "." + std::to_string(number));
    std::filesystem::create_directories(aside.parent_path());
    rename_over(fresh, aside);
    if (options_.say)
      options_.say(wharf::quoted(target.native()) + " was not as it was packed; it was moved to " +
                   wharf::quoted(aside.native()));
  }

  bool is_replaceable(const Path& old, const Path& path, const PackageRecord& record) const {
    std::vector<RecordedPackage> candidates;
    for (auto& known : recorded_packages(profile_, packages_))
      if (known.path == path) candidates.push_back({Path("files"), std::move(known.record)});
    // Whatever a record says of it: one that was killed before it wrote its own left the older one.
    if (has_content(old, record)) return true;
    if (candidates.empty()) return false;
    const auto strangers = find_strangers(old.parent_path(), candidates);
    return std::all_of(strangers.begin(), strangers.end(),
                       [](const Stranger& stranger) { return *stranger.path.begin() != "files"; });
  }

  // Unpacked by somebody else from the same archive: then nothing is lost with it.
  static bool has_content(const Path& directory, const PackageRecord& record) {
    return faults_of_files(directory, record).empty();
  }

  const Profile& profile_;
  const Path& root_;
  const InstallOptions& options_;
  Path packages_;
  InstallReport report_;
};

}  // namespace

void require_places(const Profile& profile, const Path& project_root, std::span<const ToInstall> packages) {
  if (!profile.shares_packages()) return;
  for (const auto& package : packages)
    if (!package.in_place) require_no_other(profile, packages_directory(profile, project_root), package);
}

InstallReport put_in_shared_tree(const Profile& profile, const Path& project_root,
                                 std::span<const ToInstall> packages, const InstallOptions& options) {
  return SharedTree(profile, project_root, options).put(packages);
}

}  // namespace wharf::client
