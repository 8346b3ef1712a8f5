// SPDX-License-Identifier: MIT
#include "libwharf/archive/package_archive.hpp"

#include "libwharf/archive/contents.hpp"
#include "libwharf/base/error.hpp"

namespace wharf {

PackageArchive read_package_archive(int fd, const ArchiveLimits& limits) {
  ArchiveContents contents = inspect_archive(fd, limits);
  PackageArchive package;
  package.entries = static_cast<std::uint32_t>(contents.entries.size());
  package.packed_bytes = contents.packed_bytes;
  package.unpacked_bytes = contents.unpacked_bytes;
  package.top_directory = std::move(contents.top_directory);
  package.readme = std::move(contents.readme);
  package.readme_file = std::move(contents.readme_file);
  const std::string path =
      (package.top_directory.empty() ? "" : package.top_directory + "/") + contents.manifest_file;
  try {
    package.manifest = parse_manifest(contents.manifest_file, contents.manifest_text);
  } catch (Error& error) {
    error.with("entry", path);
    throw;
  }
  package.manifest_file = std::move(contents.manifest_file);
  return package;
}

}  // namespace wharf
