// SPDX-License-Identifier: MIT
// Figures: of the registry, and of one package.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/time.hpp"
#include "registry/services/downloads.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/package_statistics.hpp"
#include "registry/store/totals.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

class Statistics {
 public:
  explicit Statistics(store::Database& database) : database_(database) {}

  struct Overview {
    Time at;
    store::Totals totals;
    std::int64_t users = 0, downloads = 0;
    struct Package {
      std::string name;
      std::int64_t downloads = 0;
    };
    std::vector<Package> top;  // the ten most downloaded
  };
  // How old the figures may be: whoever sends no token shares those of a second.
  enum class Counts { exact, a_second_old };
  const Overview& overview(Counts counts = Counts::exact);

  // Error(not_found) where there is no such package.
  struct OfPackage {
    Time updated_at;  // of the package
    std::int64_t total = 0, week = 0, month = 0, year = 0;
    std::vector<store::DayCount> daily;  // one a day, the earliest first, today last
    std::int64_t versions = 0;           // that are not removed
    std::int64_t dependents = 0;
  };
  static constexpr int k_default_days = 30, k_most_days = 366;
  // The operator is told of a quarantined package, too; everybody else gets Error(quarantined).
  enum class Asked { by_anyone, by_the_operator };
  OfPackage of_package(std::string_view name, int days = k_default_days, Time at = now(),
                       Asked asked = Asked::by_anyone);

  // The packages whose latest version depends on this one, by name. Error(not_found) as above.
  struct Dependents {
    std::vector<store::Dependent> packages;
    std::int64_t total = 0;
  };
  Dependents dependents(std::string_view name, std::uint64_t limit, std::uint64_t offset);

 private:
  store::Database& database_;
  Overview overview_;
  std::chrono::steady_clock::time_point counted_{};
};

}  // namespace wharf
