// SPDX-License-Identifier: MIT
// Bringing in whole packages, many at once, each with all of its versions: what takes hundreds of thousands
// of publishes would be bound by a transaction and a flush of the disk for each.
//
// The rules are those of one publish: names and versions of the same form, unique keys against rivals, blobs
// durable before the commit, one journal event a publish and a yank, the journal's lock last. Packages must
// not be there yet. It is the operator's alone, so that neither quotas nor scopes count; the audit log has
// one row a package.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libwharf/package/manifest.hpp"
#include "registry/blobs/blob_store.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

struct BulkVersion {
  Manifest manifest;
  std::optional<store::Readme> readme;
  std::string digest;  // of the archive
  std::uint64_t size = 0;
  // Finished and judged; nothing where a version that is there already has the same blob.
  StagedFile* archive = nullptr;
  Time published_at;
  bool yanked = false;
  std::optional<std::string> yank_reason;

  std::int64_t version_id = 0;  // filled in
};

struct BulkPackage {
  std::string name;
  std::int64_t owner_id = 0;
  std::string owner;
  std::vector<BulkVersion> versions;  // in the order of their publishing, at least one

  std::int64_t package_id = 0;  // filled in
};

class BulkPublishing {
 public:
  BulkPublishing(store::Database& database, BlobStore& blobs, std::vector<std::string> reserved_names)
      : database_(database), blobs_(blobs), reserved_names_(std::move(reserved_names)) {}

  // All of them or none, in one transaction; a hundred or so at a time. Returns the last journal number.
  // Throws Error: forbidden for all but the operator; name_invalid, name_reserved, name_too_similar,
  // version_invalid, version_exists for two of one number; conflict for a package that is there.
  std::uint64_t publish(std::vector<BulkPackage>& packages, const Principal& principal, const Origin& origin);

  // An archive that versions to come will share, and name by its digest.
  void keep(StagedFile& archive);

 private:
  std::uint64_t insert(store::Connection& connection, std::vector<BulkPackage>& packages,
                       const Principal& principal, const Origin& origin);
  store::Database& database_;
  BlobStore& blobs_;
  std::vector<std::string> reserved_names_;
};

}  // namespace wharf
