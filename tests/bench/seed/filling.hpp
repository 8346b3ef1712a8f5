// SPDX-License-Identifier: MIT
// Brings a made-up world into a registry, through the same services as everything else, with several
// connections.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "registry/blobs/blob_store.hpp"
#include "registry/config/config.hpp"
#include "registry/services/bulk_publishing.hpp"
#include "registry/store/connection.hpp"
#include "tests/bench/seed/world.hpp"

namespace wharf::seed {

class Filling {
 public:
  // `shared`: one archive for all versions, which is then another one than their manifests say; for sizes at
  // which millions of archives would fill the disk.
  Filling(const World& world, const Config& config, store::ConnectionSettings database, bool shared);

  // Returns when all of it is there. What an earlier run brought in already is passed over. Throws the first
  // failure.
  void run(unsigned threads);

  // To be asked while it runs.
  std::size_t packages() const { return packages_; }
  std::size_t versions() const { return versions_; }
  std::size_t passed_over() const { return passed_over_; }
  std::uint64_t last_number() const { return last_number_; }  // of the journal

 private:
  void add_users();
  void work();
  // Packages from `begin` to before `end`.
  void bring_in(store::Database& database, std::size_t begin, std::size_t end);
  void keep(store::Database& database, std::vector<BulkPackage>& packages,
            const std::vector<std::size_t>& numbers, const std::vector<std::vector<MadeVersion>>& made);
  StagedFile staged(const std::string& manifest, const std::string& readme, std::size_t filling) const;
  const World& world_;
  const Config& config_;
  const store::ConnectionSettings settings_;
  const bool shared_;
  LocalBlobStore blobs_;
  std::vector<std::int64_t> user_ids_;
  std::string shared_digest_;
  std::uint64_t shared_size_ = 0;
  std::atomic<std::size_t> next_{0}, packages_{0}, versions_{0}, passed_over_{0};
  std::atomic<std::uint64_t> last_number_{0};
  std::mutex mutex_;
  std::exception_ptr failure_;  // under the mutex
};

}  // namespace wharf::seed
