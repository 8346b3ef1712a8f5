// SPDX-License-Identifier: MIT
// Judges a package archive, whole, against the rules of docs/formats/archive.md, and returns what it says of
// itself. The one door for registry and client: nothing else decides whether an archive is a package.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libwharf/archive/limits.hpp"
#include "libwharf/package/manifest.hpp"

namespace wharf {

struct PackageArchive {
  Manifest manifest;
  std::string manifest_file;          // its name, without the directory
  std::string top_directory;          // empty, or the one directory (Synapse) that holds everything
  std::optional<std::string> readme;  // UTF-8
  std::optional<std::string> readme_file;
  std::uint64_t packed_bytes = 0, unpacked_bytes = 0;
  std::uint32_t entries = 0;
};

// Reads the file from its start. Memory is bounded by the limits for names, manifest and README, not by the
// archive. Throws Error(archive_…), Error(manifest_…) with the entry's name (details: "entry") and the rule
// (details: "rule").
PackageArchive read_package_archive(int fd, const ArchiveLimits& limits);

}  // namespace wharf
