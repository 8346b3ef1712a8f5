// SPDX-License-Identifier: MIT
// The index document of a package: everything that resolving and installing needs, in one JSON object.
//
//   {name, description, license, homepage, repository, documentation, keywords, categories, authors,
//   revision, quarantined: null or {reason, at},
//    versions: [{version, checksum, size, dependencies: {name: {req, features, optional, target}},
//                dev_dependencies: {…}, yanked, yank_reason, published_at, download_url}]}
//
// Texts that are unknown are null, arrays and objects are always there. `dependencies` holds the normal ones
// alone. It is a function of the package's journal events, in their order: applying one changes the document
// by that event alone, applying one again changes nothing, and the same events give the same bytes.
//
// Of a quarantined package nothing is written but its name, its revision and why: versions and the package's
// own fields come back with the release, from the journal. So what from_json() reads back of one cannot be
// gone on with.
//
// The package's own fields are what its speaking version says (latest.hpp). Since a yank or a removal can
// hand that to another version, every event brings them: they are set from the event, not worked out from the
// document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/json/value.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/manifest.hpp"

namespace wharf {

// What a package says of itself beside its versions.
struct PackageMetadata {
  std::optional<std::string> description, license, homepage, repository, documentation;
  std::vector<std::string> keywords, categories, authors;
  bool operator==(const PackageMetadata&) const = default;
};

PackageMetadata metadata_of(const Manifest& manifest);
// Writes the members into an object that the caller has begun.
void write_metadata_members(json::Writer& writer, const PackageMetadata& metadata);
// Reads those members, whatever else the object has; null (no version is left) is empty metadata.
PackageMetadata metadata_from_json(json::Value value);

struct IndexEntry {
  Version version;
  std::string checksum;  // lower-case SHA-256 hex of the archive
  std::uint64_t size = 0;
  std::vector<Dependency> dependencies;  // as in a manifest: normal ones, then dev ones, each sorted by name
  bool yanked = false;
  std::optional<std::string> yank_reason;
  std::string published_at;  // RFC 3339
  bool operator==(const IndexEntry&) const = default;
};

IndexEntry index_entry(const Manifest& manifest, std::string_view checksum, std::uint64_t size,
                       std::string_view published_at);
// One object, without `download_url`: the form in the journal.
void write_index_entry(json::Writer& writer, const IndexEntry& entry);
IndexEntry index_entry_from_json(json::Value value);

// That the operator has taken the package out of sight.
struct IndexQuarantine {
  std::string reason;
  std::string at;  // RFC 3339
  bool operator==(const IndexQuarantine&) const = default;
};

class IndexDocument {
 public:
  explicit IndexDocument(std::string name) : name_(std::move(name)) {}
  // Reads back what render() wrote, in either order; anything else is Error(internal_error).
  static IndexDocument from_json(std::string_view text);

  // Applies the journal event with that number and body: publish, yank, unyank, remove, quarantine, release;
  // every other action sets the metadata alone. An event up to the document's revision has been applied
  // before, and changes nothing.
  void apply_event(std::uint64_t seq, json::Value body);

  void apply_publish(IndexEntry entry);  // in place of an entry of the same version
  // These do nothing where the version is not there.
  void apply_yank(const Version& version, bool yanked, std::optional<std::string> reason);
  void apply_remove(const Version& version);
  void set_quarantine(std::optional<IndexQuarantine> quarantine) { quarantine_ = std::move(quarantine); }
  void set_metadata(PackageMetadata metadata) { metadata_ = std::move(metadata); }
  void set_revision(std::uint64_t seq) { revision_ = seq; }

  const std::string& name() const noexcept { return name_; }
  const PackageMetadata& metadata() const noexcept { return metadata_; }
  const std::optional<IndexQuarantine>& quarantine() const noexcept { return quarantine_; }
  std::uint64_t revision() const noexcept { return revision_; }
  const std::vector<IndexEntry>& versions() const noexcept { return versions_; }  // ascending precedence
  const IndexEntry* find(const Version& version) const;

  // Every client reads both orders; Vais's takes the first version for the latest one, and so wants the
  // newest first.
  enum class Order { ascending, newest_first };
  // `public_url` is what stands before `/api/v1` in download_url; where it is empty, download_url is null.
  std::string render(std::string_view public_url, Order order = Order::ascending) const;

 private:
  std::vector<IndexEntry>::iterator place_of(const Version& version);

  std::string name_;
  PackageMetadata metadata_;
  std::uint64_t revision_ = 0;
  std::optional<IndexQuarantine> quarantine_;
  std::vector<IndexEntry> versions_;
};

}  // namespace wharf
