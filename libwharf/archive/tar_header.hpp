// SPDX-License-Identifier: MIT
// One 512-byte tar header, read strictly: POSIX ustar, GNU ("ustar  ") and the older form without a magic.
// Everything that two tar programs could read differently is refused; docs/formats/archive.md lists the
// rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wharf {

constexpr std::size_t k_tar_block = 512;

struct TarHeader {
  enum class Type { file, directory, pax, pax_global, long_name };
  Type type = Type::file;
  std::string name;  // with ustar's prefix, as it stands: nothing dropped, nothing checked
  std::uint64_t size = 0;
  bool executable = false;  // the owner may execute it
};

bool is_zero_block(std::string_view block);

// Throws Error(archive_header) or Error(archive_type).
TarHeader parse_tar_header(std::string_view block);

}  // namespace wharf
