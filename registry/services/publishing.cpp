// SPDX-License-Identifier: MIT
#include "registry/services/publishing.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/name.hpp"
#include "registry/services/account_rules.hpp"
#include "registry/services/blob_gc.hpp"
#include "registry/services/claims.hpp"
#include "registry/services/name_reservation.hpp"
#include "registry/services/package_change.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/blob_rows.hpp"

namespace wharf {

// What is known of an upload before the database is asked.
struct Publishing::Prepared {
  PackageArchive archive;
  Version version;
  std::string manifest_text;
  std::string digest;
  std::uint64_t size = 0;
  const Manifest& manifest() const { return archive.manifest; }
};

// Who publishes, and how.
struct Publishing::Terms {
  const Principal& principal;
  const Origin& origin;
  bool dry_run = false;
  const Provenance* from = nullptr;  // an import
  std::int64_t publisher_id() const { return from ? from->publisher_id : principal.user_id; }
};

struct Publishing::Outcome {
  std::int64_t package_id = 0, version_id = 0;
  Time at;
  std::uint64_t seq = 0;
  std::vector<QuotaState> quotas;
};

namespace {

constexpr std::initializer_list<Quota> k_counted = {Quota::new_packages, Quota::versions, Quota::storage};
constexpr int k_looks = 3;  // at transactions whose COMMIT went unanswered

// Thrown to end a dry run's transaction: everything was checked, nothing is to stay.
struct DryRunDone {
  Time at;
  std::vector<QuotaState> quotas;
};

Error already_there(const std::string& name, const store::VersionRow& row) {
  const std::string what = name + " " + row.version;
  if (row.state == store::VersionState::removed)
    return Error(Code::version_removed,
                 what + " was published and removed; its number is never used again, publish a higher one")
        .with("checksum", row.digest);
  return Error(Code::version_exists,
               what + " is already published; a published version never changes, publish a higher one")
      .with("checksum", row.digest);
}

}  // namespace

store::PackageRow make_package(store::Connection& connection, const std::string& name,
                               const std::vector<std::string>& reserved, Time at) {
  const std::string key = confusion_key(name);
  const auto refuse_similar = [&] {
    const auto other = store::package_with_confusion_key(connection, key);
    if (other && *other != name)
      throw Error(Code::name_too_similar, "the name " + wharf::quoted(name) + " is too similar to " +
                                              wharf::quoted(*other) +
                                              ", which is there already; choose another")
          .with("package", *other);
  };
  store::PackageRow row;
  row.name = name;
  row.created_at = row.updated_at = at;
  try {
    row.id = store::insert_package(connection, name, key, at);
  } catch (const store::DatabaseError& error) {
    if (error.kind != store::DatabaseError::Kind::duplicate_key) throw;
    refuse_similar();
    // Someone else made it in the meantime: it is there when this transaction runs again.
    throw store::DatabaseError(store::DatabaseError::Kind::deadlock, error.number, error.what());
  }
  require_unreserved(connection, name, reserved);
  return row;
}

Publishing::Prepared Publishing::prepare(StagedFile& staged, const Claimed& claimed,
                                         const Principal& principal) const {
  Prepared prepared;
  prepared.digest = staged.digest();
  prepared.size = staged.size();
  // A checksum that differs explains whatever else is wrong with the bytes, so it is looked at first.
  if (claimed.checksum) require_checksum(*claimed.checksum, prepared.digest);
  prepared.archive = read_package_archive(staged.fd(), rules_.archive);
  auto& manifest = prepared.archive.manifest;
  require_agreement(claimed, manifest);
  require_package_name(manifest.name);
  prepared.version = parse_publishable_version(manifest.version);
  require_scope(principal, Scope::publish, manifest.name);
  fill_from(manifest, claimed.metadata);
  json::Writer writer;
  write_manifest(writer, manifest);
  prepared.manifest_text = writer.take();
  return prepared;
}

// The package's row, locked: the one that is there, which the publisher must have the right to, or a new one
// with its owners.
PackageChange Publishing::locked_package(store::Connection& connection, const Manifest& manifest,
                                         const Terms& terms, QuotaUse& quota, Time at) {
  const auto* from = terms.from;
  if (auto there = PackageChange::lock(connection, manifest.name)) {
    require_role(*there, terms.principal, Needs::maintainer, "publish");
    quota.lock(k_counted);
    if (!from) return std::move(*there);
    const auto known = store::find_imported(connection, from->package);
    if (!known || known->local_id != there->row().id)
      throw Error(Code::conflict,
                  "there is a package " + wharf::quoted(manifest.name) +
                      " here that is not from there; agree with its owners, or leave one out");
    return std::move(*there);
  }
  const Time created_at = from ? from->package_created_at : at;
  auto made = PackageChange::of_new(
      connection, make_package(connection, manifest.name, rules_.reserved_names, created_at));
  const auto id = made.row().id;
  quota.lock(k_counted);
  if (!from) {
    // An account that is deleted at this moment must not leave a package behind that is nobody's.
    lock_own_account(connection, terms.principal.user_id);
    store::insert_owner(connection, id, terms.principal.user_id, "owner", at, std::nullopt);
  } else if (from->publisher_id != 0) {
    for (const auto& owner : from->owners)
      store::insert_owner(connection, id, owner.user_id, owner.role, owner.added_at, std::nullopt);
    store::insert_imported(connection, from->package, id, at);
  }
  return made;
}

Publishing::Outcome Publishing::insert(store::Connection& connection, StagedFile& staged,
                                       const Prepared& prepared, const Terms& terms) {
  const Manifest& manifest = prepared.manifest();
  const Time at = now();
  const Time published_at = terms.from ? terms.from->published_at : at;
  failpoint("publish.before_rows");
  QuotaUse quota(connection, rules_.quotas, terms.principal);
  PackageChange change = locked_package(connection, manifest, terms, quota, at);

  store::VersionRow row;
  row.package_id = change.row().id;
  row.version = manifest.version;
  row.digest = prepared.digest;
  row.blob_digest = prepared.digest;
  row.size = prepared.size;
  row.dialect = dialect_name(manifest.dialect);
  row.manifest = prepared.manifest_text;
  row.published_by_id = terms.publisher_id();
  row.published_by = terms.from ? terms.from->publisher : terms.principal.username;
  row.published_at = published_at;
  // Asked before the quota, so that whoever repeats a publish learns that it took place.
  if (const auto there =
          store::find_version_by_identity(connection, row.package_id, prepared.version.identity()))
    throw already_there(manifest.name, *there);
  const auto count = [&](Quota what) { terms.dry_run ? quota.try_take(what) : quota.take(what); };
  if (change.row().revision == 0) count(Quota::new_packages);
  count(Quota::versions);
  quota.require_room(prepared.size);
  if (row.published_by_id == 0) throw DryRunDone{published_at, quota.states()};

  store::lock_blob(connection, prepared.digest, prepared.size, at);
  try {
    store::insert_version(connection, row, prepared.version.identity());
  } catch (const store::DatabaseError& error) {
    if (error.kind != store::DatabaseError::Kind::duplicate_key) throw;
    const auto there =
        store::find_version_by_identity(connection, row.package_id, prepared.version.identity());
    if (!there) throw store::DatabaseError(store::DatabaseError::Kind::deadlock, error.number, error.what());
    throw already_there(manifest.name, *there);
  }
  store::insert_dependencies(connection, row.id, dependency_rows(manifest));
  store::insert_keywords(connection, row.id, manifest.keywords);
  if (prepared.archive.readme)
    store::insert_readme(connection, row.id,
                         {prepared.archive.readme_file.value_or("README.md"), *prepared.archive.readme});
  change.document().put(manifest.name, row, manifest);
  if (terms.from) store::insert_imported(connection, terms.from->version, row.id, at);
  // What came from elsewhere in any order leaves the package as new as its newest version.
  change.save(std::max(published_at, change.row().updated_at), manifest.version, &manifest);
  store::record_audit(connection,
                      {.action = "publish",
                       .actor = terms.principal.username,
                       .subject = manifest.name + " " + manifest.version,
                       .address = terms.origin.address,
                       .reason = terms.origin.reason,
                       .request_id = terms.origin.request_id},
                      at);
  failpoint("publish.after_rows");
  if (terms.dry_run) throw DryRunDone{published_at, quota.states()};

  blobs_.put(staged);

  failpoint("publish.before_journal");
  const auto seq =
      change.append({.action = "publish",
                     .version = manifest.version,
                     .actor = terms.principal.username,
                     .at = at,
                     .entry = index_entry(manifest, row.digest, row.size, to_rfc3339(published_at)),
                     .reason = std::nullopt});
  failpoint("publish.after_journal");
  failpoint("publish.before_commit");
  return {change.row().id, row.id, published_at, seq, quota.states()};
}

std::optional<Publishing::Outcome> Publishing::look_for(const Prepared& prepared, const Terms& terms) {
  return database_.transaction([&](store::Connection& connection) -> std::optional<Outcome> {
    // The lock waits for the transaction whose COMMIT went unanswered, where the server is still at it.
    const auto package = store::lock_package(connection, prepared.manifest().name);
    if (!package) return std::nullopt;
    const auto row = store::find_version(connection, package->name, prepared.manifest().version);
    if (!row || row->digest != prepared.digest || row->published_by_id != terms.publisher_id())
      return std::nullopt;
    return Outcome{package->id, row->id, row->published_at, package->revision, {}};
  });
}

Publication Publishing::publish(StagedFile& staged, const Claimed& claimed, const Principal& principal,
                                const Origin& origin, bool dry_run) {
  return publish(staged, claimed, {.principal = principal, .origin = origin, .dry_run = dry_run});
}

Publication Publishing::import(StagedFile& staged, const Claimed& claimed, const Provenance& from,
                               const Principal& principal, const Origin& origin, bool dry_run) {
  if (!principal.is_operator()) throw internal_error("an import was asked for by a user");
  return publish(staged, claimed, {principal, origin, dry_run, &from});
}

Publication Publishing::publish(StagedFile& staged, const Claimed& claimed, const Terms& terms) {
  const Prepared prepared = prepare(staged, claimed, terms.principal);
  Publication publication;
  publication.name = prepared.manifest().name;
  publication.version = prepared.manifest().version;
  publication.checksum = prepared.digest;
  publication.size = prepared.size;
  publication.manifest = prepared.manifest();

  Outcome outcome;
  try {
    for (int looks = 0;; ++looks) {
      try {
        outcome = database_.transaction(
            [&](store::Connection& connection) { return insert(connection, staged, prepared, terms); });
        break;
      } catch (const store::CommitUnknown& unknown) {
        log::warning("the answer to a COMMIT was lost; looking",
                     {{"package", publication.name}, {"because", unknown.what()}});
        if (const auto found = look_for(prepared, terms)) {
          outcome = *found;
          break;
        }
        if (looks == k_looks)
          throw Error(Code::unavailable, "the registry's database is not answering; please try again shortly",
                      unknown.what())
              .retry_in(5);
      }
    }
  } catch (const DryRunDone& done) {
    publication.published_at = done.at;
    publication.quotas = done.quotas;
    return publication;
  } catch (...) {
    // The blob may have become durable before the database refused: it goes, unless someone else refers to
    // it.
    if (staged.path().empty()) discard_blob(database_, blobs_, prepared.digest);
    throw;
  }
  failpoint("publish.after_commit");
  publication.package_id = outcome.package_id;
  publication.version_id = outcome.version_id;
  publication.published_at = outcome.at;
  publication.seq = outcome.seq;
  publication.quotas = std::move(outcome.quotas);
  publication.visible = visibility_.wait_until_visible(outcome.seq, rules_.longest_wait);
  return publication;
}

}  // namespace wharf
