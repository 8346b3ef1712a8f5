// SPDX-License-Identifier: MIT
// Removes blobs that no version refers to. It holds the blob's row from the check until the file is gone, as
// a publish holds it from before the file comes until its commit: the two cannot cross.
#pragma once

#include <chrono>
#include <string_view>

#include "libwharf/base/file.hpp"
#include "registry/blobs/blob_store.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

// True where the blob was removed, false where a version refers to it. Throws Error(unavailable) without the
// database.
bool collect_blob(store::Database& database, BlobStore& blobs, std::string_view digest);

// The same for a blob that a failed publish may have left; what cannot be done now is left to
// collect_garbage.
void discard_blob(store::Database& database, BlobStore& blobs, std::string_view digest) noexcept;

struct Garbage {
  unsigned blobs = 0;   // removed: those with a row that no version refers to, and files without a row
  unsigned staged = 0;  // uploads that were never finished
};
struct GarbageAges {
  std::chrono::seconds unknown_files = std::chrono::hours(1);
  std::chrono::seconds staged = std::chrono::hours(24);
};
Garbage collect_garbage(store::Database& database, BlobStore& blobs, const Path& staging,
                        const GarbageAges& ages = {});

}  // namespace wharf
