// SPDX-License-Identifier: MIT
// The entries of a package archive, one after another, each judged before it is handed out.
//
//   TarReader reader(fd, limits);
//   while (const auto entry = reader.next()) … reader.read(buffer) …
//
// The archive is sound only once next() has returned nothing: until then the CRC, the end marker and what
// follows it have not been seen. Memory is bounded by the limits for names, not by the archive. Throws
// Error(archive_…) with the entry's name and the rule; docs/formats/archive.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "libwharf/archive/gzip_stream.hpp"
#include "libwharf/archive/path_rules.hpp"
#include "libwharf/archive/tar_header.hpp"

namespace wharf {

struct ArchiveEntry {
  std::string path;  // plain: no leading `./`, no trailing `/`
  bool directory = false;
  bool executable = false;
  std::uint64_t size = 0;
};

class TarReader {
 public:
  TarReader(int fd, const ArchiveLimits& limits) : stream_(fd, limits), limits_(limits) {}

  // Passes over what is left of the entry before. Nothing once the archive has ended as it should.
  std::optional<ArchiveEntry> next();
  // The content of the entry that next() returned; less than the buffer only at its end.
  std::size_t read(std::span<std::byte> buffer);

  // Both are final once next() has returned nothing. Unpacked is the length of the tar stream.
  std::uint64_t packed_bytes() const noexcept { return stream_.packed_bytes(); }
  std::uint64_t unpacked_bytes() const noexcept { return stream_.unpacked_bytes(); }
  std::uint32_t entries() const noexcept { return entries_; }

 private:
  // What extended headers said about the entry that follows them.
  struct Pending {
    bool pax = false;
    std::optional<std::string> pax_path, long_name;
    std::optional<std::uint64_t> pax_size;
    bool any() const { return pax || long_name; }
  };

  std::string_view read_block();
  std::string read_extension(const TarHeader& header);
  void take_extension(const TarHeader& header, Pending& pending);
  std::optional<ArchiveEntry> take_entry(const TarHeader& header, const Pending& pending);
  void pass_content();
  void require_end(const Pending& pending);

  GzipStream stream_;
  const ArchiveLimits limits_;
  PathSet paths_;
  std::array<std::byte, k_tar_block> block_{};
  std::string current_;        // the entry whose content comes next
  std::uint64_t content_ = 0;  // bytes of it that are left
  std::uint64_t padding_ = 0;  // bytes after them that fill the block
  std::uint32_t entries_ = 0;
  bool root_seen_ = false, global_seen_ = false, ended_ = false;
};

}  // namespace wharf
