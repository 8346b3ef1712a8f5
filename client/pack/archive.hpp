// SPDX-License-Identifier: MIT
// The archive of a package, as it is uploaded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "client/pack/file_list.hpp"
#include "libwharf/archive/package_archive.hpp"

namespace wharf::client {

// A file below the system's folder for temporary files, which goes with the object.
class TemporaryFile {
 public:
  TemporaryFile();
  TemporaryFile(TemporaryFile&& other) noexcept
      : path_(std::exchange(other.path_, {})), fd_(std::move(other.fd_)) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();
  const Path& path() const { return path_; }
  int fd() const { return fd_.get(); }

 private:
  Path path_;
  Fd fd_;
};

struct PackedArchive {
  TemporaryFile file;
  PackageArchive package;  // what the registry's reader says of it
  std::string checksum;    // SHA-256 in hex
  std::uint64_t size = 0;
};

// Deterministic: the same files make the same bytes. `top` is the one folder that holds everything, or empty.
// The registry's own reader has accepted what is returned; what it would refuse is its Error here.
PackedArchive pack_files(const PackList& list, std::string_view top);

}  // namespace wharf::client
