// SPDX-License-Identifier: MIT
// Writes package archives: the same members make the same bytes (with one version of libarchive and zlib),
// whatever the order they are given in, the machine, the time and the user. What it writes, the reader
// accepts. Memory does not grow with what files on disk hold.
#pragma once

#include <span>
#include <string>

#include "libwharf/archive/limits.hpp"
#include "libwharf/base/file.hpp"

namespace wharf {

struct ArchiveMember {
  std::string path = {};     // relative, as the reader would hand it out
  std::string content = {};  // empty for a directory
  bool directory = false;
  bool executable = false;
  Path file = {};  // where not empty: the content is this file's, and `content` is not looked at
};

// Writes a whole archive at the descriptor's position: gzip without a time, members sorted by path, modes
// 0644 and 0755, owner 0, one fixed time. Directories stand in it only where they are given. Throws
// Error(archive_path) for a path that the reader would refuse, and Error(conflict) for a file that changes
// its size while it is read; amounts are the reader's to judge.
void write_archive(int fd, std::span<const ArchiveMember> members, const ArchiveLimits& limits = {});

}  // namespace wharf
