// SPDX-License-Identifier: MIT
#include "registry/services/blob_gc.hpp"

#include <exception>
#include <string>
#include <vector>

#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "registry/store/blob_rows.hpp"

namespace wharf {

bool collect_blob(store::Database& database, BlobStore& blobs, std::string_view digest) {
  return database.transaction([&](store::Connection& connection) {
    // Makes the row where there is none, so that there is one to hold.
    store::lock_blob(connection, digest, 0, now());
    if (store::is_blob_referred_to(connection, digest)) return false;
    failpoint("gc.before_unlink");
    blobs.remove(digest);
    failpoint("gc.after_unlink");
    store::delete_blob(connection, digest);
    return true;
  });
}

namespace {

// The removal that freed a blob can be seen before it is durable (InnoDB shows a commit early), and a crash
// of the server would bring the version back, without its archive. So the row goes first, in a transaction of
// its own: its commit makes all that was seen durable.
bool forget_blob(store::Database& database, std::string_view digest) {
  return database.transaction([&](store::Connection& connection) {
    store::lock_blob(connection, digest, 0, now());
    if (store::is_blob_referred_to(connection, digest)) return false;
    store::delete_blob(connection, digest);
    return true;
  });
}

}  // namespace

void discard_blob(store::Database& database, BlobStore& blobs, std::string_view digest) noexcept {
  try {
    collect_blob(database, blobs, digest);
  } catch (const std::exception& error) {
    log::warning("a blob that nothing refers to stays until garbage is collected",
                 {{"digest", digest}, {"because", error.what()}});
  }
}

Garbage collect_garbage(store::Database& database, BlobStore& blobs, const Path& staging,
                        const GarbageAges& ages) {
  constexpr unsigned k_batch = 1000;
  Garbage garbage;
  std::string after;
  for (;;) {
    const auto digests = database.read(
        [&](store::Connection& connection) { return store::unreferred_blobs(connection, after, k_batch); });
    for (const auto& digest : digests)
      if (forget_blob(database, digest)) garbage.blobs += collect_blob(database, blobs, digest);
    if (digests.size() < k_batch) break;
    after = digests.back();
  }
  std::vector<std::string> strays;
  blobs.each([&](const std::string& digest) {
    if (database.read([&](store::Connection& connection) { return store::has_blob_row(connection, digest); }))
      return;
    const auto written = blobs.written_at(digest);
    if (written && now() - *written >= ages.unknown_files) strays.push_back(digest);
  });
  for (const auto& digest : strays) garbage.blobs += collect_blob(database, blobs, digest);
  garbage.staged = sweep_staging(staging, ages.staged);
  return garbage;
}

}  // namespace wharf
