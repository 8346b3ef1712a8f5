// SPDX-License-Identifier: MIT
// The figures of one package.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"
#include "registry/store/quarantine.hpp"

namespace wharf::store {

struct PackageFigures {
  std::int64_t id = 0;
  Time updated_at;
  std::int64_t versions = 0;  // that are not removed
  std::int64_t downloads = 0;
  std::optional<Quarantine> quarantine = {};
};
std::optional<PackageFigures> package_figures(Connection& connection, std::string_view name);

// Downloads by day, days without any left out, the earliest first. Days are UTC: `2026-01-31`.
struct DayCount {
  std::string day;
  std::int64_t count = 0;
};
std::vector<DayCount> daily_downloads(Connection& connection, std::int64_t package_id, std::string_view from);

}  // namespace wharf::store
