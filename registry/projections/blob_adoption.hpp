// SPDX-License-Identifier: MIT
// Makes blobs the clerk's own before they are shown. Workers are other users in production, and none of them
// may be able to change what nginx serves: a blob is copied, its SHA-256 is checked again, the copy is made
// durable with mode 0444 and renamed over the worker's file. A blob that is the clerk's and 0444 already was
// adopted before; one that is the clerk's but not 0444 (one user runs everything) is checked and only changes
// its mode.
//
// Copies are staged, and then made durable together. That a copy took the worker's file's place need not be
// durable: where it is lost in a power cut, the worker's file is there, and so is every link to the copy.
//
// The 256 directories that blobs stand in are made here, by the clerk: sticky and group-writable, so that a
// worker can add a file to them and take away none but its own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "libwharf/base/file.hpp"
#include "registry/projections/spread_directory.hpp"
#include "registry/projections/sync_together.hpp"

namespace wharf {

class BlobAdoption {
 public:
  explicit BlobAdoption(Path directory);

  enum class Outcome {
    adopted,
    missing,
    damaged
  };  // damaged: other bytes than the digest says, or no plain file
  // Checks a blob. An adopted one stands at its path after place_copies().
  Outcome stage(std::string_view digest);
  Path path_of(std::string_view digest) const;
  void sync_copies(SyncTogether& together);  // what is added must be waited for before place_copies()
  void place_copies();

 private:
  Outcome check_in_place(std::string_view digest, int fd, const Path& path);
  Outcome copy(std::string_view digest, int fd);
  struct Copy {
    Path path;
    Fd fd;
  };
  Path directory_;
  std::optional<SpreadDirectory> temporary_;
  std::map<std::string, Copy, std::less<>> copies_;  // by digest
};

}  // namespace wharf
