// SPDX-License-Identifier: MIT
// What the search index asks the database beside the journal: READMEs, which no event carries, and
// summaries and counts of many packages at once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "registry/store/connection.hpp"
#include "registry/store/journal.hpp"

namespace wharf::store {

// By name; packages that are not there are left out.
std::map<std::string, std::int64_t> package_ids(Connection& connection,
                                                const std::vector<std::string>& names);

// READMEs by package, of one version each, which is named by its identity (without build metadata).
std::map<std::int64_t, std::string> readmes_of(
    Connection& connection, const std::vector<std::pair<std::int64_t, std::string>>& versions);

// Downloads ever, by package; those without any are left out.
std::map<std::int64_t, std::int64_t> download_totals_of(Connection& connection,
                                                        const std::vector<std::int64_t>& package_ids);

// Packages that were downloaded on `since` (YYYY-MM-DD) or later, with their downloads ever, in the order of
// their ids, those after `after`, at most `limit`.
struct DownloadedPackage {
  std::int64_t id = 0;
  std::string name;
  std::int64_t downloads = 0;
};
std::vector<DownloadedPackage> packages_downloaded_since(Connection& connection, const std::string& since,
                                                         std::int64_t after, unsigned limit);

// Summaries by name (registry/services/package_document knows their form) with the downloads of each.
struct SummaryRow {
  std::string summary;
  std::int64_t downloads = 0;
};
std::map<std::string, SummaryRow> summaries_of(Connection& connection, const std::vector<std::string>& names);

// Packages whose first event is after `after` and up to `up_to`, in the order of these, with the number of
// their events up to `end`.
struct PackageEvents {
  std::string package;
  std::uint64_t events = 0;
};
std::vector<PackageEvents> packages_first_seen(Connection& connection, std::uint64_t after,
                                               std::uint64_t up_to, std::uint64_t end);
// All events up to `up_to` of these packages, by package and number; each package's last one alone with its
// body, the others' is empty.
std::vector<JournalEvent> histories_of(Connection& connection, const std::vector<std::string>& packages,
                                       std::uint64_t up_to);

}  // namespace wharf::store
