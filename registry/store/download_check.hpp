// SPDX-License-Identifier: MIT
// What `wharf-registry doctor --downloads` asks and repairs: the counts of days, and the sums that are kept
// of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

using VersionDay = std::pair<std::int64_t, std::string>;  // version id, day

// One snapshot for all reads until the transaction ends.
void begin_snapshot(Connection& connection);

// All counts of the days from `first` to `last`.
std::map<VersionDay, std::uint64_t> counted_downloads(Connection& connection, std::string_view first,
                                                      std::string_view last);
// Of them, those that came with an import.
std::map<VersionDay, std::uint64_t> imported_downloads(Connection& connection, std::string_view first,
                                                       std::string_view last);
// 0 takes the row away.
void set_downloads(Connection& connection, const VersionDay& key, std::uint64_t count);

// The names of those sums that are not what the counts of the days add up to: "package_downloads" …
std::vector<std::string> wrong_sums(Connection& connection);
// Makes all of them anew.
void mend_sums(Connection& connection);

struct VersionName {
  std::string package, version;
};
std::map<std::int64_t, VersionName> version_names(Connection& connection,
                                                  const std::vector<std::int64_t>& ids);

}  // namespace wharf::store
