// SPDX-License-Identifier: MIT
// Whether what is stored of a package is what was published: the archive of each version is there, has its
// size and its SHA-256, can be read, and holds the manifest that the row and the index document were made
// from; and the public tree serves it, or, of a quarantined package, does not.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/archive/limits.hpp"
#include "libwharf/package/index_document.hpp"
#include "registry/blobs/blob_store.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/packages.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

struct Finding {
  std::string package;
  std::optional<std::string> version;  // nothing where it is about the package as a whole
  std::string problem;                 // what is wrong, a sentence without its end
};

struct Verified {
  std::uint64_t packages = 0, versions = 0;
  std::vector<Finding> findings;
};

class Verification {
 public:
  // `limits` are those of publishing; what was published under wider ones is no finding.
  Verification(store::Database& database, const LocalBlobStore& blobs, VisibilityReader& visibility,
               Path public_tree, ArchiveLimits limits);

  // Told of each package that was looked at: how many there were so far, and its findings.
  using Progress = std::function<void(std::uint64_t packages, const std::vector<Finding>& findings)>;

  // All versions of a package that are not removed, or one. Throws Error(not_found).
  Verified package(std::string_view name, const std::optional<std::string>& version = std::nullopt);
  // Of all packages; memory does not grow with their number but for the findings.
  Verified all(const Progress& progress);

 private:
  struct Shown;
  void look_at(const std::string& name, const std::optional<std::string>& version, Verified& verified);
  // The revision that it looked at.
  std::uint64_t look_once(const std::string& name, const std::optional<std::string>& version,
                          Verified& verified);
  std::optional<std::string> problem_of_archive(const store::VersionRow& row);
  std::optional<std::string> problem_of_entry(const Shown& shown, const store::PackageRow& package,
                                              const store::VersionRow& row) const;
  Shown shown(const store::PackageRow& package, std::vector<Finding>& findings) const;

  store::Database& database_;
  const LocalBlobStore& blobs_;
  VisibilityReader& visibility_;
  Path public_tree_;
  ArchiveLimits limits_;
};

}  // namespace wharf
