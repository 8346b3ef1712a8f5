// SPDX-License-Identifier: MIT
// How much a package archive may hold. The defaults are the published rules; a registry may configure the
// first.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wharf {

struct ArchiveLimits {
  std::uint64_t packed_bytes = 100ull << 20;
  std::uint64_t unpacked_bytes = 512ull << 20;
  std::uint64_t ratio = 100;                     // unpacked : packed, beyond …
  std::uint64_t ratio_free_bytes = 64ull << 20;  // … this many unpacked bytes
  std::uint32_t entries = 10000;
  std::uint32_t levels = 32;
  std::uint32_t part_bytes = 255;
  std::uint32_t path_bytes = 512;
  std::uint64_t manifest_bytes = 256u << 10;
  std::uint64_t readme_bytes = 512u << 10;
  bool allow_non_ascii_paths = false;
  std::vector<std::string> manifest_names = {"synapse.json", "raven.toml", "vais.toml", "wharf.toml",
                                             "wharf.json"};
};

}  // namespace wharf
