// SPDX-License-Identifier: MIT
// A directory for short-lived files, with folders below it that the file system is asked to lay far from each
// other.
//
// ext4 puts a file's inode near its directory's. Without a journal it also passes over every inode that was
// freed within the last minutes, one by one: where each new document takes the place of an old one, a single
// directory's neighbourhood is soon full of those, and making a file takes half a millisecond. Spread over
// many, it takes 20 µs. What another file system makes of the request does not matter.
#pragma once

#include <cstdint>

#include "libwharf/base/file.hpp"

namespace wharf {

class SpreadDirectory {
 public:
  // Makes what is missing, and removes every file that is left in it.
  explicit SpreadDirectory(Path path, unsigned mode = 0755);
  const Path& path() const { return path_; }
  // A name that no file has.
  Path next();

 private:
  Path path_;
  std::uint64_t counter_ = 0;
};

}  // namespace wharf
