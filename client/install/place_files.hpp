// SPDX-License-Identifier: MIT
// A package's files brought from where they were unpacked to where they are used: cloned, linked or copied.
#pragma once

#include <atomic>
#include <stdexcept>

#include "client/install/record.hpp"

namespace wharf::client {

// A file that should be at the source is not, or is another one by now.
struct SourceDamaged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class FilePlacer {
 public:
  // Makes the directory `to` and fills it from `from`. Throws SourceDamaged, and Error where the disk fails;
  // then `to` is worth nothing. May be called by several threads at once.
  void place(const Path& from, const PackageRecord& record, const Path& to);

 private:
  enum class Way { clone, link, copy };
  void place_file(int from, int to, const PackageRecord& record, const ExtractedFile& file);

  // The cheapest way that was not yet found to be impossible between these two file systems.
  std::atomic<Way> way_ = Way::clone;
};

// Gives the files of an unpacked package their time; `read_only` where they are going to be linked.
void seal_files(const Path& directory, const PackageRecord& record, bool read_only);

}  // namespace wharf::client
