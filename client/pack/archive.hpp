// SPDX-License-Identifier: MIT
// The archive of a package, as it is uploaded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/pack/file_list.hpp"
#include "libwharf/archive/package_archive.hpp"

namespace wharf::client {

// A file in the system's folder for temporary files that has no name there: it goes with the object, and with
// a program that is killed.
class TemporaryFile {
 public:
  TemporaryFile();
  // Leads to the file as long as the object lives.
  Path path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }
  int fd() const { return fd_.get(); }

 private:
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
