// SPDX-License-Identifier: MIT
// fsync(2) of many files and directories at once.
//
// One after the other, each waits for a commit and a flush of the device of its own; asked for together
// (asynchronous I/O, Linux 4.18), the file system serves all of them with the same one. Where the kernel or
// the file system cannot do that they are synced one after the other.
#pragma once

#include <utility>
#include <vector>

#include "libwharf/base/file.hpp"

namespace wharf {

class SyncTogether {
 public:
  // `fd` stays open until wait(); its path is for messages.
  void add(int fd, Path path) { files_.emplace_back(fd, std::move(path)); }
  void add_directory(const Path& directory);
  std::size_t size() const { return files_.size(); }
  // Returns when all that was added is durable; throws the first failure. After that there is nothing to wait
  // for.
  void wait();

 private:
  bool wait_at_once();
  std::vector<std::pair<int, Path>> files_;
  std::vector<Fd> directories_;
};

}  // namespace wharf
