// SPDX-License-Identifier: MIT
// The rows of `packages`. What document and summary hold is known to registry/services/package_document
// alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"
#include "registry/store/quarantine.hpp"

namespace wharf::store {

struct PackageRow {
  std::int64_t id = 0;
  std::string name;
  std::uint64_t revision = 0;                 // the package's last journal number; 0 before its first
  std::optional<std::string> latest_version;  // nothing while it is quarantined
  std::string document;
  Time created_at, updated_at;
  std::optional<Quarantine> quarantine;
};

struct CountedPackage {
  PackageRow row;
  std::int64_t downloads = 0;  // of all its versions, ever
};
std::optional<CountedPackage> find_package(Connection& connection, std::string_view name);
// Its row, locked until the transaction ends. Everything that changes a package locks it first.
std::optional<PackageRow> lock_package(Connection& connection, std::string_view name);
// What a conditional read asks first: everything but the document, which may be large.
struct PackageStamp {
  std::int64_t id = 0;
  std::uint64_t revision = 0;
  std::optional<std::string> latest_version;
  Time updated_at;
  std::optional<Quarantine> quarantine;
  std::int64_t downloads = 0;  // of all its versions, ever
};
std::optional<PackageStamp> find_stamp(Connection& connection, std::string_view name);
// The other package of which `confusion_key` is.
std::optional<std::string> package_with_confusion_key(Connection& connection, std::string_view confusion_key);
// The same, waiting for whoever is about to make such a package, and with its row held until the transaction
// ends.
std::optional<std::string> hold_package_with_confusion_key(Connection& connection,
                                                           std::string_view confusion_key);

// The new package's id. A rival's row is DatabaseError(duplicate_key) with packages_name or
// packages_confusion_key.
std::int64_t insert_package(Connection& connection, std::string_view name, std::string_view confusion_key,
                            Time at);

void update_package(Connection& connection, const PackageRow& package, std::string_view summary);
// Does not touch what depends on it: the caller renders the package anew.
void set_quarantine(Connection& connection, std::int64_t package_id,
                    const std::optional<Quarantine>& quarantine);
void set_revision(Connection& connection, std::int64_t package_id, std::uint64_t revision);

}  // namespace wharf::store
