// SPDX-License-Identifier: MIT
// What lies in a packages directory, held against the lock and the archives.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/lock/lock.hpp"
#include "libwharf/base/file.hpp"

namespace wharf::client {

struct Fault {
  enum class Kind {
    not_installed,
    other_version,
    other_checksum,
    missing,
    changed,
    mode,
    extra,
    not_locked,
    damaged_record
  };
  Kind kind;
  std::string package;  // name
  Path path;            // relative to the project, or absolute in a shared directory; may be empty
  std::string sentence;
};
std::string_view fault_name(Fault::Kind kind);

// The archive of a locked package, where there is one in the cache.
using FindArchive = std::function<std::optional<Path>(const LockedPackage&)>;

// Every file of every locked package: there, of the right content, executable or not; and nothing else beside
// them. What must be there is read from the archive itself where `find_archive` has it (its own checksum is
// held against the lock's), else from what was recorded when it was installed. Empty: all is as it was
// installed. Sorted by package and path.
std::vector<Fault> verify_installed(const Profile& profile, const Path& project_root, const Lock& lock,
                                    const FindArchive& find_archive = {});

struct InstalledPackage {
  std::string name;
  std::optional<Version> version;  // nothing for one that is used in place
  std::string checksum;
  Path path;  // absolute
};
// What the record of the project's own directory says, sorted by name; in a shared directory all versions
// that Wharf put there.
std::vector<InstalledPackage> installed_packages(const Profile& profile, const Path& project_root);

}  // namespace wharf::client
