// SPDX-License-Identifier: MIT
// A file on its way into the cache, hashed as it grows. What was broken off is found again by its key, and
// goes on from where it stopped.
//
// One client at a time has a key's file, by a lock that goes with the process; another one that wants it
// meanwhile gets a file of its own, which goes with the object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libwharf/base/file.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::client {

class PartialFile {
 public:
  // Makes the directory where it is missing. The key is a file name.
  PartialFile(const Path& directory, const std::string& key);
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile();

  std::uint64_t size() const noexcept { return size_; }
  void append(std::string_view bytes);
  void start_over();
  // The SHA-256 of all of it, in hex. Once; only start_over() may follow, or the file's end.
  std::string finish();
  // Renames it; directories on the way are made. It is then no longer this object's.
  void move_to(const Path& target);
  // Nobody will go on with it.
  void discard() noexcept;

 private:
  bool take_shared(const Path& directory, const std::string& key);
  void take_private(const Path& directory, const std::string& key);
  void hash_what_is_there();

  Path path_;
  Fd file_;
  bool is_private_ = false, is_gone_ = false;
  std::uint64_t size_ = 0;
  Sha256 hash_;
};

// The SHA-256 in hex of a file; nothing where there is none, or it is no regular file, or where `size` is not
// 0 and not its size.
std::optional<std::string> digest_of_file(const Path& path, std::uint64_t size = 0);

}  // namespace wharf::client
