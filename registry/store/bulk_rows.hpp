// SPDX-License-Identifier: MIT
// Many rows at once: what one statement a row would take minutes for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/store/connection.hpp"
#include "registry/store/journal.hpp"
#include "registry/store/versions.hpp"

namespace wharf::store {

// A version with all that hangs on it.
struct VersionRows {
  VersionRow row;  // its id is filled in
  std::string identity;
  std::vector<DependencyRow> dependencies;
  std::vector<std::string> keywords;
  std::optional<Readme> readme;
};
// A rival's row is DatabaseError(duplicate_key) with versions_identity; the blobs' rows must be there.
void insert_versions(Connection& connection, std::vector<VersionRows>& versions);

// Appends the events in their order within the caller's transaction, as append_event() does one.
void append_events(Connection& connection, std::vector<JournalEvent>& events);

// Downloads of a version on a day (2026-01-31, UTC), added to all counts that they are part of.
struct DayDownloads {
  std::int64_t version_id = 0, package_id = 0;
  std::string day;
  std::int64_t count = 0;
};
void add_downloads(Connection& connection, const std::vector<DayDownloads>& downloads);

}  // namespace wharf::store
