// SPDX-License-Identifier: MIT
// The records of a pax extended header (POSIX.1-2001), held to the keys that docs/formats/archive.md allows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wharf {

// What a pax extended header says that matters here; all other keys were checked and are ignored.
struct PaxRecords {
  std::optional<std::string> path;
  std::optional<std::uint64_t> size;
};

// `owner` names the entry in errors. A global header may hold nothing but `comment`.
// Throws Error(archive_header), and Error(archive_type) for a vendor's key that makes the entry something
// else.
PaxRecords parse_pax(std::string_view body, bool global, std::string_view owner);

}  // namespace wharf
