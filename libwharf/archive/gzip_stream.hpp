// SPDX-License-Identifier: MIT
// The tar stream inside a gzip file (RFC 1952), inflated a little at a time.
//
// Holds the archive to its form and amounts while it inflates: exactly one member that ends where the file
// ends, the right CRC and length, no more packed bytes than allowed, and never one byte unpacked beyond what
// the limits and the size of the file permit. Memory is two fixed buffers and zlib's window, whatever the
// archive says. Throws Error(archive_form) and Error(archive_size); see docs/formats/archive.md.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "libwharf/archive/limits.hpp"
#include "libwharf/archive/packed_file.hpp"

namespace wharf {

class GzipStream {
 public:
  // Reads `fd` from its start. Throws Error(archive_size) at once where the file is larger than allowed.
  GzipStream(int fd, const ArchiveLimits& limits);
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;
  ~GzipStream();

  // Fills the buffer; less only at the end of the stream, whose CRC and length were then right.
  std::size_t read(std::span<std::byte> buffer);
  // Passes over `count` bytes; returns how many there were.
  std::uint64_t skip(std::uint64_t count);
  // The next bytes as they lie in the buffer, at most 64 KiB; empty at the end.
  std::span<const std::byte> read_piece();

  std::uint64_t packed_bytes() const noexcept { return file_.size(); }
  // Bytes given out so far.
  std::uint64_t position() const noexcept { return unpacked_ - ready_.size(); }
  // Bytes inflated so far: what the work done is bounded by.
  std::uint64_t unpacked_bytes() const noexcept { return unpacked_; }
  // Throws Error(archive_size) where a stream of `length` bytes would be too long; `entry` is what claims it.
  void require_fits(std::uint64_t length, std::string_view entry = {}) const;

 private:
  bool refill();
  void require_end();

  PackedFile file_;
  const ArchiveLimits limits_;
  std::uint64_t longest_;  // the unpacked length that the limits allow for this file
  std::vector<std::byte> packed_buffer_, unpacked_buffer_;
  std::span<const std::byte> ready_;
  z_stream zlib_{};
  std::uint64_t unpacked_ = 0;
  bool ended_ = false;
};

}  // namespace wharf
