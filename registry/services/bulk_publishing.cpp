// SPDX-License-Identifier: MIT
#include "registry/services/bulk_publishing.hpp"

#include <algorithm>
#include <set>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/latest.hpp"
#include "libwharf/package/name.hpp"
#include "registry/services/blob_gc.hpp"
#include "registry/services/package_change.hpp"
#include "registry/services/publishing.hpp"
#include "registry/services/settle.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/blob_rows.hpp"
#include "registry/store/bulk_rows.hpp"
#include "registry/store/owners.hpp"
#include "registry/store/totals.hpp"

namespace wharf {

namespace {

void require_whole(const BulkPackage& package) {
  require_package_name(package.name);
  if (package.versions.empty())
    throw Error(Code::bad_request, "package " + wharf::quoted(package.name) + " comes without a version");
  std::set<std::string> identities;
  for (const auto& version : package.versions) {
    if (version.manifest.name != package.name)
      throw Error(Code::manifest_mismatch, "a version of " + wharf::quoted(package.name) +
                                               " has the manifest of " +
                                               wharf::quoted(version.manifest.name));
    if (!identities.insert(parse_publishable_version(version.manifest.version).identity()).second)
      throw Error(Code::version_exists, package.name + " " + version.manifest.version +
                                            " comes twice; versions differ by more "
                                            "than their build metadata");
  }
}

store::VersionRows rows_of(const BulkPackage& package, const BulkVersion& version) {
  json::Writer manifest;
  write_manifest(manifest, version.manifest);
  store::VersionRows rows;
  rows.row.package_id = package.package_id;
  rows.row.version = version.manifest.version;
  rows.row.digest = version.digest;
  rows.row.blob_digest = version.digest;
  rows.row.size = version.size;
  rows.row.dialect = dialect_name(version.manifest.dialect);
  rows.row.manifest = manifest.take();
  rows.row.state = version.yanked ? store::VersionState::yanked : store::VersionState::active;
  rows.row.yank_reason = version.yank_reason;
  rows.row.published_by_id = package.owner_id;
  rows.row.published_by = package.owner;
  rows.row.published_at = version.published_at;
  rows.identity = parse_version(version.manifest.version).identity();
  rows.dependencies = dependency_rows(version.manifest);
  rows.keywords = version.manifest.keywords;
  rows.readme = version.readme;
  return rows;
}

// The package's history, one event a publish and then one a yank, each with what the package says of itself
// after it.
void add_events(std::vector<store::JournalEvent>& events, const BulkPackage& package, PackageHead head,
                const std::string& actor, Time at) {
  std::vector<VersionStanding> standings;
  const auto add = [&](PackageEvent event) {
    if (const auto speaker = speaker_of(standings)) head.manifest = package.versions[*speaker].manifest;
    store::JournalEvent row;
    row.at = at;
    row.action = event.action;
    row.package = package.name;
    row.version = event.version;
    row.actor = actor;
    row.body = event_body(event, head);
    events.push_back(std::move(row));
  };
  for (const auto& version : package.versions) {
    standings.push_back({parse_version(version.manifest.version), false});
    add({.action = "publish",
         .version = version.manifest.version,
         .actor = actor,
         .at = at,
         .entry =
             index_entry(version.manifest, version.digest, version.size, to_rfc3339(version.published_at)),
         .reason = std::nullopt});
  }
  for (std::size_t i = 0; i < package.versions.size(); ++i) {
    if (!package.versions[i].yanked) continue;
    standings[i].yanked = true;
    add({.action = "yank",
         .version = package.versions[i].manifest.version,
         .actor = actor,
         .at = at,
         .entry = std::nullopt,
         .reason = package.versions[i].yank_reason});
  }
}

}  // namespace

std::uint64_t BulkPublishing::insert(store::Connection& connection, std::vector<BulkPackage>& packages,
                                     const Principal& principal, const Origin& origin) {
  const Time at = now();
  std::vector<store::VersionRows> versions;
  std::vector<PackageChange> changes;
  for (auto& package : packages) {
    if (store::find_stamp(connection, package.name))
      throw Error(Code::conflict, "package " + wharf::quoted(package.name) +
                                      " is there already; only whole packages are brought in");
    const Time first = package.versions.front().published_at;
    changes.push_back(
        PackageChange::of_new(connection, make_package(connection, package.name, reserved_names_, first)));
    package.package_id = changes.back().row().id;
    store::insert_owner(connection, package.package_id, package.owner_id, "owner", first, std::nullopt);
    for (const auto& version : package.versions) versions.push_back(rows_of(package, version));
  }

  // In one order, so that two who bring in the same blobs do not wait for each other in a circle.
  std::vector<StagedFile*> archives;
  for (const auto& package : packages)
    for (const auto& version : package.versions)
      if (version.archive) archives.push_back(version.archive);
  std::ranges::sort(archives, {}, &StagedFile::digest);
  for (const auto* archive : archives) store::lock_blob(connection, archive->digest(), archive->size(), at);
  store::insert_versions(connection, versions);

  std::vector<store::JournalEvent> events;
  std::vector<std::size_t> last_events;
  store::Totals more;
  auto next = versions.begin();
  for (std::size_t i = 0; i < packages.size(); ++i) {
    auto& package = packages[i];
    auto& change = changes[i];
    Time last = package.versions.front().published_at;
    const Manifest* speaker = nullptr;
    for (auto& version : package.versions) {
      version.version_id = next->row.id;
      change.document().put(package.name, next->row, version.manifest);
      last = std::max(last, version.published_at);
      ++next;
    }
    for (const auto& version : package.versions)
      if (change.document().speaking_version() == version.manifest.version) speaker = &version.manifest;
    change.save(last, speaker ? speaker->version : std::string(), speaker);
    store::record_audit(connection,
                        {.action = "bulk-publish",
                         .actor = principal.username,
                         .subject = package.name,
                         .address = origin.address,
                         .reason = origin.reason,
                         .request_id = origin.request_id,
                         .detail = std::to_string(package.versions.size()) + " versions"},
                        at);
    add_events(events, package, change.head(), principal.username, at);
    last_events.push_back(events.size() - 1);
    more.packages += 1;
    more.versions += static_cast<std::int64_t>(package.versions.size());
    more.listed += change.row().latest_version ? 1 : 0;
  }
  blobs_.put_all(archives);

  store::append_events(connection, events);
  for (std::size_t i = 0; i < packages.size(); ++i)
    store::set_revision(connection, packages[i].package_id, events[last_events[i]].seq);
  store::change_totals(connection, more);
  return events.back().seq;
}

std::uint64_t BulkPublishing::publish(std::vector<BulkPackage>& packages, const Principal& principal,
                                      const Origin& origin) {
  if (!principal.is_operator())
    throw Error(Code::forbidden, "only the operator may bring in many packages at once");
  if (packages.empty()) return 0;
  for (const auto& package : packages) require_whole(package);
  std::uint64_t seq = 0;
  try {
    settle(
        database_,
        [&](store::Connection& connection) { seq = insert(connection, packages, principal, origin); },
        [&](store::Connection& connection) {
          const auto last = store::find_stamp(connection, packages.back().name);
          return last && last->id == packages.back().package_id && last->revision == seq;
        });
  } catch (...) {
    for (const auto& package : packages)
      for (const auto& version : package.versions)
        if (version.archive && version.archive->path().empty())
          discard_blob(database_, blobs_, version.digest);
    throw;
  }
  return seq;
}

void BulkPublishing::keep(StagedFile& archive) {
  database_.transaction([&](store::Connection& connection) {
    store::lock_blob(connection, archive.digest(), archive.size(), now());
    blobs_.put(archive);
  });
}

}  // namespace wharf
