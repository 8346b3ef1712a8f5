// SPDX-License-Identifier: MIT
// Publishing one version of a package.
//
// What the archive's manifest says decides; what the request claims must agree with it or only fill what it
// lacks. All refusals come before the first byte becomes durable, so that a refused publish leaves no row, no
// blob and no staged file. Then one transaction: the package's row is locked, the rows are inserted, the blob
// is made durable, the journal is appended to last. A connection that is lost during COMMIT is resolved by
// looking.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libwharf/archive/limits.hpp"
#include "libwharf/archive/package_archive.hpp"
#include "libwharf/json/value.hpp"
#include "registry/blobs/blob_store.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/services/principal.hpp"
#include "registry/services/quotas.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/imported.hpp"
#include "registry/store/packages.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

class PackageChange;

// What a request says besides the archive.
struct Claimed {
  std::optional<std::string> name, version;
  std::optional<std::string> checksum;  // SHA-256 of the archive in hex
  json::Value metadata;                 // an object, or missing; its document must outlive the call
};

// A version that was published in another registry, which an import carries over.
struct Provenance {
  store::ForeignKey package, version;
  Time published_at;
  std::int64_t publisher_id = 0;  // the account here; 0 in a dry run that has made none
  std::string publisher;
  // Of the package, where this is its first version here.
  Time package_created_at;
  struct Owner {
    std::int64_t user_id = 0;
    std::string role;
    Time added_at;
  };
  std::vector<Owner> owners;
};

struct Publication {
  std::int64_t package_id = 0;  // 0 where nothing was kept
  std::int64_t version_id = 0;
  std::string name, version, checksum;
  std::uint64_t size = 0;
  Time published_at;
  Manifest manifest;
  std::uint64_t seq = 0;
  bool visible = false;            // the public tree has it
  std::vector<QuotaState> quotas;  // what is left of those that it was counted in
};

class Publishing {
 public:
  struct Rules {
    ArchiveLimits archive;
    std::vector<std::string> reserved_names;  // besides those that are always reserved
    QuotaRules quotas;
    std::chrono::milliseconds longest_wait{1000};
  };
  Publishing(store::Database& database, BlobStore& blobs, VisibilityReader& visibility, Rules rules)
      : database_(database), blobs_(blobs), visibility_(visibility), rules_(std::move(rules)) {}

  // `staged` is finished. With `dry_run` every check is made and nothing is kept. Throws Error: archive_…,
  // manifest_…, checksum_mismatch, name_…, version_exists and version_removed (with the checksum of what is
  // there), forbidden, scope_missing, rate_limit_exceeded, unavailable.
  Publication publish(StagedFile& staged, const Claimed& claimed, const Principal& principal,
                      const Origin& origin, bool dry_run = false);

  // The same of a version that was published elsewhere: under the same rules, but for quotas and the rights
  // of the one who uploads, who is the operator. It keeps its date and publisher, a new package its owners
  // and date, and a record of where both came from is kept. Throws Error(conflict) for a package that is
  // here, but not from there.
  Publication import(StagedFile& staged, const Claimed& claimed, const Provenance& from,
                     const Principal& principal, const Origin& origin, bool dry_run = false);

 private:
  struct Prepared;
  struct Outcome;
  struct Terms;
  Publication publish(StagedFile& staged, const Claimed& claimed, const Terms& terms);
  Prepared prepare(StagedFile& staged, const Claimed& claimed, const Principal& principal) const;
  Outcome insert(store::Connection& connection, StagedFile& staged, const Prepared& prepared,
                 const Terms& terms);
  PackageChange locked_package(store::Connection& connection, const Manifest& manifest, const Terms& terms,
                               QuotaUse& quota, Time at);
  std::optional<Outcome> look_for(const Prepared& prepared, const Terms& terms);

  store::Database& database_;
  BlobStore& blobs_;
  VisibilityReader& visibility_;
  Rules rules_;
};

// The row of a package that nobody has yet. Throws Error(name_reserved), Error(name_too_similar).
store::PackageRow make_package(store::Connection& connection, const std::string& name,
                               const std::vector<std::string>& reserved, Time at);

}  // namespace wharf
