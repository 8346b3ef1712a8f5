// SPDX-License-Identifier: MIT
#include "registry/services/publishing.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/name.hpp"
#include "registry/services/blob_gc.hpp"
#include "registry/services/claims.hpp"
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

struct Publishing::Outcome {
  std::int64_t package_id = 0, version_id = 0;
  Time at;
  std::uint64_t seq = 0;
};

namespace {

constexpr int k_looks = 3;  // at transactions whose COMMIT went unanswered

// Thrown to end a dry run's transaction: everything was checked, nothing is to stay.
struct DryRunDone {
  Time at;
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

void require_free_name(const std::string& name, const std::vector<std::string>& reserved) {
  const bool listed =
      std::ranges::any_of(reserved, [&](const std::string& word) { return equal_folded(word, name); });
  if (listed || is_always_reserved(name))
    throw Error(Code::name_reserved, "the name " + wharf::quoted(name) + " is reserved; choose another");
}

store::PackageRow make_package(store::Connection& connection, const std::string& name,
                               const std::vector<std::string>& reserved, Time at) {
  require_free_name(name, reserved);
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
  return row;
}

std::vector<store::DependencyRow> dependency_rows(const Manifest& manifest) {
  std::vector<store::DependencyRow> rows;
  for (const auto& dependency : manifest.dependencies)
    rows.push_back({dependency.name, dependency.kind == Dependency::Kind::dev ? "dev" : "normal",
                    dependency.requirement});
  return rows;
}

}  // namespace

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

void Publishing::require_quota(store::Connection& connection, const Principal& principal, std::uint64_t size,
                               Time at) const {
  if (rules_.versions_per_user_and_day == 0 && rules_.bytes_per_user == 0) return;
  // Two publishes of one user would both see the last free place; the user's row lets them pass one by one.
  connection.query("SELECT id FROM users WHERE id = ? FOR UPDATE", principal.user_id).next();
  if (const int most = rules_.versions_per_user_and_day; most > 0) {
    if (store::versions_published_since(connection, principal.user_id, at - std::chrono::hours(24)) >= most)
      throw Error(Code::rate_limit_exceeded, wharf::quoted(principal.username) + " has published " +
                                                 std::to_string(most) +
                                                 " versions within a day, which is the most; try again later")
          .retry_in(3600);
  }
  if (const std::uint64_t most = rules_.bytes_per_user; most > 0) {
    if (static_cast<std::uint64_t>(store::bytes_stored_by(connection, principal.user_id)) + size > most)
      throw Error(Code::forbidden, "this archive would bring what " + wharf::quoted(principal.username) +
                                       " keeps here above " + std::to_string(most >> 20) +
                                       " MiB, which is the most; ask the operator for more");
  }
}

Publishing::Outcome Publishing::insert(store::Connection& connection, StagedFile& staged,
                                       const Prepared& prepared, const Principal& principal,
                                       const Origin& origin, bool dry_run) {
  const Manifest& manifest = prepared.manifest();
  const Time at = now();
  failpoint("publish.before_rows");
  auto locked = PackageChange::lock(connection, manifest.name);
  const bool is_new = !locked;
  if (is_new) {
    locked =
        PackageChange::of_new(connection, make_package(connection, manifest.name, rules_.reserved_names, at));
    store::insert_owner(connection, locked->row().id, principal.user_id, "owner", at, std::nullopt);
  }
  PackageChange& change = *locked;
  require_role(change, principal, Needs::maintainer, "publish");

  store::VersionRow row;
  row.package_id = change.row().id;
  row.version = manifest.version;
  row.digest = prepared.digest;
  row.blob_digest = prepared.digest;
  row.size = prepared.size;
  row.dialect = dialect_name(manifest.dialect);
  row.manifest = prepared.manifest_text;
  row.published_by_id = principal.user_id;
  row.published_by = principal.username;
  row.published_at = at;
  // Asked before the quota, so that whoever repeats a publish learns that it took place.
  if (!is_new)
    if (const auto there =
            store::find_version_by_identity(connection, row.package_id, prepared.version.identity()))
      throw already_there(manifest.name, *there);
  require_quota(connection, principal, prepared.size, at);

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
  change.save(at, manifest.version, &manifest);
  store::record_audit(connection,
                      {.action = "publish",
                       .actor = principal.username,
                       .subject = manifest.name + " " + manifest.version,
                       .address = origin.address,
                       .reason = std::nullopt,
                       .request_id = origin.request_id},
                      at);
  failpoint("publish.after_rows");
  if (dry_run) throw DryRunDone{at};

  blobs_.put(staged);

  failpoint("publish.before_journal");
  const auto seq = change.append({.action = "publish",
                                  .version = manifest.version,
                                  .actor = principal.username,
                                  .at = at,
                                  .entry = index_entry(manifest, row.digest, row.size, to_rfc3339(at)),
                                  .reason = std::nullopt});
  failpoint("publish.after_journal");
  failpoint("publish.before_commit");
  return {change.row().id, row.id, at, seq};
}

std::optional<Publishing::Outcome> Publishing::look_for(const Prepared& prepared,
                                                        const Principal& principal) {
  return database_.transaction([&](store::Connection& connection) -> std::optional<Outcome> {
    // The lock waits for the transaction whose COMMIT went unanswered, where the server is still at it.
    const auto package = store::lock_package(connection, prepared.manifest().name);
    if (!package) return std::nullopt;
    const auto row = store::find_version(connection, package->name, prepared.manifest().version);
    if (!row || row->digest != prepared.digest || row->published_by_id != principal.user_id)
      return std::nullopt;
    return Outcome{package->id, row->id, row->published_at, package->revision};
  });
}

Publication Publishing::publish(StagedFile& staged, const Claimed& claimed, const Principal& principal,
                                const Origin& origin, bool dry_run) {
  const Prepared prepared = prepare(staged, claimed, principal);
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
        outcome = database_.transaction([&](store::Connection& connection) {
          return insert(connection, staged, prepared, principal, origin, dry_run);
        });
        break;
      } catch (const store::CommitUnknown& unknown) {
        log::warning("the answer to a COMMIT was lost; looking",
                     {{"package", publication.name}, {"because", unknown.what()}});
        if (const auto found = look_for(prepared, principal)) {
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
  publication.visible = visibility_.wait_until_visible(outcome.seq, rules_.longest_wait);
  return publication;
}

}  // namespace wharf
