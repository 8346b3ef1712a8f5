// SPDX-License-Identifier: MIT
// The second opinion: libarchive lists the same bytes, and must see the same entries.
#pragma once

#include <vector>

#include "libwharf/archive/limits.hpp"
#include "libwharf/archive/tar_reader.hpp"

namespace wharf {

// Throws Error(archive_form) with the rule `readers_disagree` where libarchive finds other names, sizes or
// types than `entries`, which TarReader found, in the same order. Memory is libarchive's own buffers.
void require_same_listing(int fd, const std::vector<ArchiveEntry>& entries);

}  // namespace wharf
