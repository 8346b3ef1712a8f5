// SPDX-License-Identifier: MIT
// What `wharf-registry doctor` reads: rows in stretches of their keys, so that neither a query stands for
// each of them nor all of them in memory; and the few writes that mend them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/store/connection.hpp"
#include "registry/store/journal.hpp"
#include "registry/store/owners.hpp"
#include "registry/store/packages.hpp"
#include "registry/store/versions.hpp"

namespace wharf::store {

// A version that is not removed beside its blob's row.
struct VersionAndBlob {
  std::int64_t id = 0;
  std::string package, version, digest;
  std::optional<std::string> blob_digest;
  std::uint64_t size = 0;
  std::optional<std::uint64_t> blob_size;  // nothing: the blob has no row
};
std::vector<VersionAndBlob> versions_and_blobs(Connection& connection, std::int64_t after, unsigned limit);
std::optional<VersionAndBlob> version_and_blob(Connection& connection, std::int64_t id);
// Lets a version have the blob of its own digest again.
void set_version_blob(Connection& connection, std::int64_t version_id, std::string_view digest,
                      std::uint64_t size);

// Packages with all that their documents are made of, sorted by name.
struct WholePackage {
  PackageRow row;
  std::string summary;
  std::vector<VersionRow> versions;  // that are not removed
  std::vector<OwnerRow> owners;      // sorted by name
  std::vector<JournalEvent> events;  // in order
  std::map<std::string, std::pair<std::string, std::string>>
      dependencies;  // of `package_dependencies`: kind, requirement
};
std::vector<WholePackage> whole_packages(Connection& connection, std::string_view after, unsigned limit);
std::optional<WholePackage> whole_package(Connection& connection, std::string_view name);

// Names of packages that have a latest version, greater than `after`, sorted.
std::vector<std::string> findable_packages(Connection& connection, std::string_view after, unsigned limit);
bool is_findable(Connection& connection, std::string_view name);

// Names that the journal has and `packages` has not.
std::vector<std::string> packages_in_journal_alone(Connection& connection, unsigned limit);
// Which of these names the journal has.
std::vector<std::string> names_in_journal(Connection& connection, const std::vector<std::string>& names);
// Which of these digests have a row.
std::vector<std::string> known_blobs(Connection& connection, const std::vector<std::string>& digests);
std::uint64_t count_unreferred_blobs(Connection& connection);

// Figures that are kept beside those that they are the sums of, where the two differ, of packages with
// after < id <= up_to.
struct WrongSum {
  std::int64_t package_id = 0;
  std::string what;  // "version 7 in all", "2026-01-31"
  std::int64_t kept = 0, summed = 0;
};
std::vector<WrongSum> wrong_download_sums(Connection& connection, std::int64_t after, std::int64_t up_to);
std::vector<WrongSum> wrong_daily_downloads(Connection& connection);
std::int64_t greatest_package_id(Connection& connection);
std::string package_name(Connection& connection, std::int64_t id);
// Makes every sum of a package anew from what was counted of its versions.
void sum_downloads_anew(Connection& connection, std::int64_t package_id);
void sum_daily_downloads_anew(Connection& connection);

// Makes the row of totals what counting gives, under the journal's lock.
void count_totals_anew(Connection& connection);

// What is not of the form among accounts, sessions and tokens: "token 7", "has no scope that is known".
std::vector<std::pair<std::string, std::string>> odd_credentials(Connection& connection);

}  // namespace wharf::store
