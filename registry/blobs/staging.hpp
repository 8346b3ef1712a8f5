// SPDX-License-Identifier: MIT
// Uploads on their way in: a file below staging/ that is hashed as it is written and is gone with its owner,
// unless it was handed to the blob store. What a crash leaves there is swept by age.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "libwharf/base/file.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf {

class StagedFile {
 public:
  // A file of mode 0640 below `directory`. Throws Error(payload_too_large) once more than `limit` bytes were
  // written, and Error(unavailable) where the disk is full.
  StagedFile(const Path& directory, std::uint64_t limit);
  StagedFile(StagedFile&&) noexcept;
  ~StagedFile();

  void write(std::string_view bytes);
  void finish();                                         // no more writes; the digest is known
  const std::string& digest() const { return digest_; }  // lower-case hex, after finish()
  std::uint64_t size() const { return size_; }
  int fd() const { return fd_.get(); }
  const Path& path() const { return path_; }
  // The file was renamed away: the destructor leaves it alone.
  void handed_over() { path_.clear(); }

 private:
  Path path_;
  Fd fd_;
  Sha256 hash_;
  std::string digest_;
  std::uint64_t size_ = 0, limit_;
};

// Removes files below `directory` that are older than `age`; returns how many.
unsigned sweep_staging(const Path& directory, std::chrono::seconds age);

}  // namespace wharf
