// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-registry/gc.hpp"

#include <cstdio>

#include "registry/blobs/blob_store.hpp"
#include "registry/services/blob_gc.hpp"
#include "registry/services/services.hpp"

namespace wharf::admin {

void collect_garbage(const Config& config) {
  store::Database database(connection_settings(config, Config::Role::admin));
  LocalBlobStore blobs(config.storage.blobs);
  const auto garbage = wharf::collect_garbage(database, blobs, config.storage.staging);
  std::printf("removed %u archives that no version has, and %u unfinished uploads\n", garbage.blobs,
              garbage.staged);
}

}  // namespace wharf::admin
