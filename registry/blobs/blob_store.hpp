// SPDX-License-Identifier: MIT
// Content-addressed tarballs. A blob's name is the SHA-256 of its bytes in lower-case hex; it never changes
// once it is there.
//
// put() returns only when the blob is durable: its bytes, its name, and the directories on the way to it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "libwharf/base/time.hpp"
#include "registry/blobs/staging.hpp"

namespace wharf {

class BlobStore {
 public:
  virtual ~BlobStore() = default;
  // Makes the staged bytes durable under their digest. Putting what is there already changes nothing (its
  // size is compared). Throws Error(unavailable) where the store cannot take it now (disk full, store away).
  virtual void put(StagedFile& staged) = 0;
  // The same for many, where the store can wait for all of them at once.
  virtual void put_all(std::span<StagedFile* const> staged) {
    for (auto* one : staged) put(*one);
  }
  virtual std::optional<std::uint64_t> size(std::string_view digest) = 0;  // nothing: no such blob
  virtual std::optional<Time> written_at(std::string_view digest) = 0;     // nothing: no such blob
  virtual void remove(std::string_view digest) = 0;  // of what is not there: nothing happens
  virtual void each(const std::function<void(const std::string& digest)>& visit) = 0;
};

// blobs/<first two characters>/<digest>, on the same file system as staging/: fsync the file, rename without
// replace, fsync the directory. Mode 0640 until the clerk adopts it.
class LocalBlobStore : public BlobStore {
 public:
  explicit LocalBlobStore(Path directory);
  Path path_of(std::string_view digest) const;
  void put(StagedFile& staged) override;
  // Two flushes of the whole file system, however many there are: the bytes, then the names.
  void put_all(std::span<StagedFile* const> staged) override;
  std::optional<std::uint64_t> size(std::string_view digest) override;
  std::optional<Time> written_at(std::string_view digest) override;
  void remove(std::string_view digest) override;
  void each(const std::function<void(const std::string& digest)>& visit) override;

 private:
  Path directory_;
};

}  // namespace wharf
