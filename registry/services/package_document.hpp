// SPDX-License-Identifier: MIT
// `packages.document`: what a reader of a package is shown, kept as text, so that a read is one row and no
// rendering.
//
// The text is the native answer itself, one JSON object over several lines: a head, one line for each version
// that is not removed, highest first, and the download counts. Strings in JSON hold no raw line break, so a
// change of one version replaces one line, however many there are. Every dialect's answer is made from the
// same object; what only some of them show (`dialect`, `dev_dependencies`, `dependency_details`) is in it
// too. Counts are stored as zeros and filled in by with_downloads(). `dependency_details` of a version here
// lists only the dependencies that say more than a requirement.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/package/latest.hpp"
#include "libwharf/package/manifest.hpp"
#include "registry/services/downloads.hpp"
#include "registry/store/owners.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

// What stands above the versions.
struct PackageHead {
  std::string name;
  std::optional<Manifest> manifest;  // of the version that speaks for the package
  std::optional<std::string> latest_version;
  std::vector<store::OwnerRow> owners;
  Time created_at, updated_at;
};

class PackageDocument {
 public:
  // `stored` must outlive the document; empty is a package without versions.
  explicit PackageDocument(std::string_view stored);
  PackageDocument(PackageDocument&&) = default;
  PackageDocument& operator=(PackageDocument&&) = default;

  // Adds a version, or replaces the one of the same name. Removed ones do not belong here.
  void put(std::string_view package, const store::VersionRow& row, const Manifest& manifest);
  void erase(std::string_view version);

  std::optional<std::string> latest_version() const;    // latest_of()
  std::optional<std::string> speaking_version() const;  // speaker_of()
  std::size_t size() const { return entries_.size(); }

  std::string render(const PackageHead& head) const;

 private:
  struct Entry {
    VersionStanding standing;
    std::string_view line;
  };
  static Entry entry_of(std::string_view line);
  std::vector<VersionStanding> standings() const;
  std::vector<Entry> entries_;  // highest first
  std::deque<std::string> made_;
};

// What lists show of a package.
std::string render_summary(const PackageHead& head);

// The stored document with its counts.
std::string with_downloads(std::string document, const DownloadCounts& counts);

// The authors as one text; nothing where there are none.
std::optional<std::string> author_text(const std::vector<std::string>& authors);

// Members `dependencies` and `dev_dependencies` (name → requirement) of the object that is being written.
void write_dependency_maps(json::Writer& writer, const Manifest& manifest);
// The array `dependency_details`: of all dependencies, or of those alone that say more than a requirement.
enum class Details { all, special };
void write_dependency_details(json::Writer& writer, const Manifest& manifest, Details which);

}  // namespace wharf
