// SPDX-License-Identifier: MIT
// The download counts that an imported version had elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/imported.hpp"

namespace wharf {

struct ForeignDownloads {
  std::uint64_t total = 0;
  // In the order of the days (2026-01-31).
  std::vector<std::pair<std::string, std::uint64_t>> days;
  std::string day_of_rest;  // takes what the days leave of the total; and all of it where they exceed it
};

// Adds what is more than when the version was last looked at: all the first time, nothing the second. The sum
// of all days and the totals grow by the same. Returns how many were added.
std::uint64_t import_downloads(store::Database& database, const store::ForeignKey& version,
                               const std::string& subject, const ForeignDownloads& there,
                               const Principal& who, const Origin& origin);

}  // namespace wharf
