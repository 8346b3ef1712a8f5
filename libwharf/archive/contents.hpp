// SPDX-License-Identifier: MIT
// One archive, judged by its bytes alone: what lies in it, and the text of its manifest, not yet read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libwharf/archive/limits.hpp"
#include "libwharf/archive/tar_reader.hpp"

namespace wharf {

struct ArchiveContents {
  std::vector<ArchiveEntry> entries;  // in the archive's order
  std::string manifest_file;          // its name, without the directory
  std::string manifest_text;
  std::string top_directory;  // empty, or the one directory (Synapse) that holds everything
  std::optional<std::string> readme, readme_file;
  std::uint64_t packed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;  // of the tar stream
};

// Reads the file from its start, twice, and leaves the descriptor's position alone.
// Throws Error(archive_…), Error(manifest_missing) and, where there are two manifests or one that is too
// large, Error(manifest_invalid), each with the rule and, where one is to blame, the entry.
ArchiveContents inspect_archive(int fd, const ArchiveLimits& limits);

}  // namespace wharf
