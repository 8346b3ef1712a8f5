// SPDX-License-Identifier: MIT
// How often archives were downloaded: the one place that every answer takes its counts from.
//
// Nothing is counted so far, so that all counts are zero; what counts will be read here, and nowhere else.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "registry/store/connection.hpp"

namespace wharf {

struct DownloadCounts {
  std::int64_t total = 0, week = 0, month = 0;
  std::map<std::string, std::int64_t, std::less<>> versions;  // those that were ever downloaded
  std::int64_t of(std::string_view version) const {
    const auto found = versions.find(version);
    return found == versions.end() ? 0 : found->second;
  }
};

inline DownloadCounts download_counts(store::Connection&, std::int64_t /*package_id*/) {
  return {};
}
inline std::int64_t all_downloads(store::Connection&) {
  return 0;
}

}  // namespace wharf
