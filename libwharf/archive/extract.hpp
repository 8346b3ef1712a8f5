// SPDX-License-Identifier: MIT
// Archives laid out on disk by the reader that judges them, and by no other: what TarReader refuses is never
// written, and nothing is ever written outside of the directory that is given.
//
// Every file and directory is opened beneath that directory part by part, without following links; files are
// made anew (never opened where they are there already) with mode 0644, or 0755 where the archive says that
// the owner may execute them, directories with 0755, all of them of the calling user. No links, no devices,
// no owners, no times of the archive.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libwharf/archive/limits.hpp"
#include "libwharf/archive/tar_reader.hpp"

namespace wharf {

struct ExtractedFile {
  std::string path;  // as ArchiveEntry::path
  bool executable = false;
  std::uint64_t size = 0;
  std::string sha256;  // of the content, 64 hex digits
  bool operator==(const ExtractedFile&) const = default;
};

struct Extraction {
  std::vector<ExtractedFile> files;  // sorted by path
  // Those that the archive names and those that its paths imply, sorted: a parent stands before its children.
  std::vector<std::string> directories;
  // The one directory that holds everything, with `synapse.json` in it; else empty. The rule is the one of
  // docs/formats/archive.md, and the directory is part of the paths above.
  std::string top_directory;
};

// Extracts into `directory`, an open descriptor of an empty directory that nobody else writes to. It returns
// only when the archive was read to its sound end; until then what lies in the directory is worth nothing,
// and the caller removes it. Throws Error(archive_…), and Error(internal_error) where the disk fails.
Extraction extract_archive(int archive, int directory, const ArchiveLimits& limits);

// The same list, judged by the same rules, with nothing written.
Extraction list_archive(int archive, const ArchiveLimits& limits);

}  // namespace wharf
