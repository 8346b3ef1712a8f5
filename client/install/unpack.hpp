// SPDX-License-Identifier: MIT
// Archives unpacked: into a directory of their own, and into the store in the cache from which projects take
// them.
#pragma once

#include <optional>

#include "client/install/install.hpp"
#include "client/install/record.hpp"

namespace wharf::client {

// A directory that others know to be in use, and that goes with the object. What a killed program leaves is
// removed by the next one that makes such a directory in the same place.
class WorkDirectory {
 public:
  // Made in `parent`, which is made too. Throws Error(unavailable).
  explicit WorkDirectory(const Path& parent);
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;
  ~WorkDirectory();
  const Path& path() const { return path_; }
  void keep() { kept_ = true; }  // it has been renamed to where it belongs

 private:
  Path path_;
  Fd lock_;
  bool kept_ = false;
};

// Extracts the archive to `directory`, which is made; without the one directory around a Synapse package.
// Throws IntegrityError where the archive has another checksum or is not sound.
PackageRecord unpack(const ToInstall& package, const Path& directory);
// The record that unpacking would make, with nothing written; its time is 0.
PackageRecord record_of_archive(const std::string& name, const Version& version, const std::string& checksum,
                                const Path& archive);

struct Unpacked {
  Path files, record_file;
  PackageRecord record;
};

class UnpackedStore {
 public:
  explicit UnpackedStore(Path directory) : directory_(std::move(directory)) {}

  // What lies there; and is whole, where its files are looked at too.
  enum class Look { record, files };
  std::optional<Unpacked> find(const ToInstall& package, Look look = Look::files) const;
  // Unpacks the archive in the place of what lies there. May be called by several threads and programs at
  // once.
  Unpacked make(const ToInstall& package) const;

 private:
  Path directory_;
};

}  // namespace wharf::client
