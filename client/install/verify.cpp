// SPDX-License-Identifier: MIT
#include "client/install/verify.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <system_error>
#include <tuple>

#include "client/install/file_faults.hpp"
#include "client/install/places.hpp"
#include "client/install/trees.hpp"
#include "client/install/unpack.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::client {

namespace {

std::string digest_of(int directory, const std::string& path) {
  const Fd fd(::openat(directory, path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return {};
  Sha256 digest;
  std::array<std::byte, 65536> buffer;
  while (const std::size_t count = read_some(fd.get(), buffer))
    digest.update({reinterpret_cast<const char*>(buffer.data()), count});
  return to_hex(digest.finish());
}

void look_for_extras(const Path& root, const Path& below, const std::set<Path>& files,
                     const std::set<Path>& directories, std::vector<FileFault>& out) {
  std::error_code gone;
  for (std::filesystem::directory_iterator entries(root / below, gone), end; entries != end;
       entries.increment(gone)) {
    const Path path = below / entries->path().filename();
    if (files.contains(path)) continue;
    const bool directory = entries->symlink_status(gone).type() == std::filesystem::file_type::directory;
    if (directory && directories.contains(path))
      look_for_extras(root, path, files, directories, out);
    else
      out.push_back({Fault::Kind::extra, path, "is no file of the package"});
  }
}

class Verification {
 public:
  Verification(const Profile& profile, const Path& project_root, const FindArchive& find_archive)
      : profile_(profile),
        packages_(packages_directory(profile, project_root)),
        root_(project_root),
        find_archive_(find_archive) {
    for (auto& package : recorded_packages(profile, packages_))
      records_.emplace(package.record.key(), std::move(package));
  }

  std::vector<Fault> run(const Lock& lock) {
    for (const auto& package : lock.packages) look_at(package);
    if (!profile_.shares_packages())
      for (const auto& [key, package] : records_) look_at_unlocked(package, lock);
    std::stable_sort(faults_.begin(), faults_.end(), [](const Fault& a, const Fault& b) {
      return std::tie(a.package, a.path) < std::tie(b.package, b.path);
    });
    return std::move(faults_);
  }

 private:
  void add(Fault::Kind kind, const std::string& package, const Path& path, const std::string& problem) {
    const Path shown = path.lexically_relative(root_);
    const bool inside = !profile_.shares_packages() && !shown.empty();
    const Path& place = inside ? shown : path;
    faults_.push_back({kind, package, place,
                       (path.empty() ? wharf::quoted(package) : "'" + place.native() + "'") + " " + problem});
  }

  void look_at(const LockedPackage& package) {
    const Path path = packages_ / package_path(profile_, package.name, package.version);
    const auto found = records_.find(key_of(package.name, package.version));
    std::error_code none;
    if (found == records_.end()) {
      for (const auto& [key, other] : records_)
        if (!profile_.shares_packages() && other.record.name == package.name)
          return add(Fault::Kind::other_version, package.name, packages_ / other.path,
                     other.record.in_place ? "is used in place, but " + package.version.text() + " is locked"
                                           : "is " + other.record.version.text() + ", but " +
                                                 package.version.text() + " is locked");
      const bool there = std::filesystem::exists(std::filesystem::symlink_status(path, none));
      return there ? add(Fault::Kind::damaged_record, package.name, path,
                         "has no record; installing puts it in place anew")
                   : add(Fault::Kind::not_installed, package.name, path, "is not installed");
    }
    if (!package.checksum.empty() && found->second.record.checksum != package.checksum)
      return add(Fault::Kind::other_checksum, package.name, path,
                 "is of an archive with the checksum " + found->second.record.checksum + ", but " +
                     package.checksum + " is locked");
    look_at_files(package, path, found->second.record);
  }

  void look_at_files(const LockedPackage& package, const Path& path, const PackageRecord& record) {
    PackageRecord expected = record;
    if (const auto archive = find_archive_ ? find_archive_(package) : std::nullopt) {
      try {
        expected = record_of_archive(package.name, package.version, package.checksum, *archive);
      } catch (const Error& error) {
        if (error.code() == Code::internal_error) throw;
        add(Fault::Kind::other_checksum, package.name, *archive, "is damaged: " + error.public_message());
      }
      if (expected.files != record.files)
        add(Fault::Kind::damaged_record, package.name, record_file(packages_, record.key()),
            "does not say what is in the archive");
    }
    for (const auto& fault : faults_of_files(path, expected))
      add(fault.kind, package.name, path / fault.path, fault.problem);
  }

  void look_at_unlocked(const RecordedPackage& package, const Lock& lock) {
    const auto& record = package.record;
    if (record.in_place) {
      std::error_code none;
      const Path path = packages_ / package.path;
      if (std::filesystem::read_symlink(path, none) != *record.in_place || none)
        add(Fault::Kind::changed, record.name, path, "is not the link to " + wharf::quoted(*record.in_place));
      else if (!std::filesystem::is_directory(path, none))
        add(Fault::Kind::missing, record.name, path, "leads to a directory that is gone");
    } else if (lock.find(record.name) == nullptr) {
      add(Fault::Kind::not_locked, record.name, packages_ / package.path, "is installed, but not locked");
    }
  }

  const Profile& profile_;
  Path packages_;
  const Path& root_;
  const FindArchive& find_archive_;
  std::map<std::string, RecordedPackage> records_;
  std::vector<Fault> faults_;
};

}  // namespace

std::string_view fault_name(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::not_installed:
      return "not_installed";
    case Fault::Kind::other_version:
      return "other_version";
    case Fault::Kind::other_checksum:
      return "other_checksum";
    case Fault::Kind::missing:
      return "missing";
    case Fault::Kind::changed:
      return "changed";
    case Fault::Kind::mode:
      return "mode";
    case Fault::Kind::extra:
      return "extra";
    case Fault::Kind::not_locked:
      return "not_locked";
    case Fault::Kind::damaged_record:
      break;
  }
  return "damaged_record";
}

std::vector<FileFault> faults_of_files(const Path& directory, const PackageRecord& record) {
  std::vector<FileFault> out;
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) return {{Fault::Kind::missing, Path(), "is missing"}};
  std::set<Path> files, directories;
  for (const auto& path : record.directories) {
    directories.insert(path);
    struct stat status {};
    if (::fstatat(fd.get(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
      out.push_back({Fault::Kind::missing, path, "is missing"});
    else if (!S_ISDIR(status.st_mode))
      out.push_back({Fault::Kind::changed, path, "is no directory"});
  }
  for (const auto& file : record.files) {
    files.insert(file.path);
    struct stat status {};
    if (::fstatat(fd.get(), file.path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      out.push_back({Fault::Kind::missing, file.path, "is missing"});
    } else if (!S_ISREG(status.st_mode)) {
      out.push_back({Fault::Kind::changed, file.path, "is no regular file"});
    } else if (static_cast<std::uint64_t>(status.st_size) != file.size ||
               digest_of(fd.get(), file.path) != file.sha256) {
      out.push_back({Fault::Kind::changed, file.path, "has another content than was packed"});
    } else if (((status.st_mode & S_IXUSR) != 0) != file.executable) {
      out.push_back({Fault::Kind::mode, file.path,
                     file.executable ? "should be executable" : "should not be executable"});
    }
  }
  look_for_extras(directory, Path(), files, directories, out);
  return out;
}

std::vector<Fault> verify_installed(const Profile& profile, const Path& project_root, const Lock& lock,
                                    const FindArchive& find_archive) {
  return Verification(profile, project_root, find_archive).run(lock);
}

std::vector<InstalledPackage> installed_packages(const Profile& profile, const Path& project_root) {
  const Path packages = packages_directory(profile, project_root);
  std::vector<InstalledPackage> out;
  for (auto& [path, record] : recorded_packages(profile, packages)) {
    InstalledPackage installed;
    installed.name = record.name;
    if (!record.in_place) installed.version = record.version;
    installed.checksum = record.checksum;
    installed.path = packages / path;
    out.push_back(std::move(installed));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.name, a.version) < std::tie(b.name, b.version);
  });
  return out;
}

}  // namespace wharf::client
