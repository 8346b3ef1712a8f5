// SPDX-License-Identifier: MIT
// The rows of `versions` and of what hangs on them: readmes, dependencies, keywords.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"
#include "registry/store/quarantine.hpp"

namespace wharf::store {

enum class VersionState { active, yanked, removed };
std::string_view state_name(VersionState state);

struct VersionRow {
  std::int64_t id = 0, package_id = 0;
  std::string version, digest;
  std::optional<std::string> blob_digest;  // nothing once removed
  std::uint64_t size = 0;
  std::string dialect;
  std::string manifest;  // write_manifest()'s JSON
  VersionState state = VersionState::active;
  std::optional<std::string> yank_reason;
  std::int64_t published_by_id = 0;
  std::string published_by;
  Time published_at;
  std::optional<Quarantine> quarantine;  // of the package; find_version() alone fills it in
};

// By its name in full.
std::optional<VersionRow> find_version(Connection& connection, std::string_view package,
                                       std::string_view version);
// By what two versions cannot share: the version without build metadata.
std::optional<VersionRow> find_version_by_identity(Connection& connection, std::int64_t package_id,
                                                   std::string_view identity);
// The package that a version belongs to, removed or not.
std::optional<std::int64_t> package_of_version(Connection& connection, std::int64_t version_id);
// All versions of a package that are not removed, in no order.
std::vector<VersionRow> versions_of(Connection& connection, std::int64_t package_id);
// With the removed ones.
std::vector<VersionRow> all_versions_of(Connection& connection, std::int64_t package_id);
std::vector<VersionRow> versions_of(Connection& connection, const std::vector<std::int64_t>& package_ids);

// The versions of a package that are not removed, without what hangs on them; nothing where there is no such
// package.
struct VersionLabel {
  std::string version;
  VersionState state = VersionState::active;
};
struct VersionLabels {
  std::vector<VersionLabel> labels;
  std::optional<Quarantine> quarantine;  // of the package
};
std::optional<VersionLabels> version_labels(Connection& connection, std::string_view package);

// Fills in `row.id`. A rival's row is DatabaseError(duplicate_key) with versions_identity. The blob's row
// must be there.
void insert_version(Connection& connection, VersionRow& row, std::string_view identity);
void set_version_state(Connection& connection, std::int64_t version_id, VersionState state,
                       const std::optional<std::string>& yank_reason);
// Gives up the blob, and what hangs on the version.
void set_version_removed(Connection& connection, std::int64_t version_id);

struct Readme {
  std::string file, content;
};
void insert_readme(Connection& connection, std::int64_t version_id, const Readme& readme);

// The README of a version that is not removed. `version_found` tells a version without one from no such
// version.
struct ReadmeLookup {
  bool version_found = false;
  std::optional<Readme> readme;
  std::optional<Quarantine> quarantine;  // of the package
};
ReadmeLookup find_readme(Connection& connection, std::string_view package, std::string_view version);

struct DependencyRow {
  std::string name, kind, requirement;
};
void insert_dependencies(Connection& connection, std::int64_t version_id,
                         const std::vector<DependencyRow>& rows);
void insert_keywords(Connection& connection, std::int64_t version_id,
                     const std::vector<std::string>& keywords);

// Visits the requirements that versions of other packages have on `name`, removed versions left out, until
// `visit` says false.
struct Dependent {
  std::string package, version, kind, requirement;
};
void each_dependent(Connection& connection, std::string_view name, std::int64_t but_package_id,
                    const std::function<bool(const Dependent&)>& visit);

// What counts against a user's quota of storage.
std::int64_t bytes_stored_by(Connection& connection, std::int64_t user_id);

}  // namespace wharf::store
