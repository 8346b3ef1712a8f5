// SPDX-License-Identifier: MIT
// Writes package archives: the same members make the same bytes (with one version of libarchive and zlib),
// whatever the order they are given in, the machine, the time and the user. What it writes, the reader
// accepts.
#pragma once

#include <span>
#include <string>

#include "libwharf/archive/limits.hpp"

namespace wharf {

struct ArchiveMember {
  std::string path = {};     // relative, as the reader would hand it out
  std::string content = {};  // empty for a directory
  bool directory = false;
  bool executable = false;
};

// Writes a whole archive at the descriptor's position: gzip without a time, members sorted by path, modes
// 0644 and 0755, owner 0, one fixed time. Directories stand in it only where they are given. Throws
// Error(archive_path) for a path that the reader would refuse; amounts are the reader's to judge.
void write_archive(int fd, std::span<const ArchiveMember> members, const ArchiveLimits& limits = {});

}  // namespace wharf
