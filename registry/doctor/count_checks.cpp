// SPDX-License-Identifier: MIT
// Figures against what they count: totals, downloads; and what is odd among accounts.
#include <algorithm>

#include "registry/doctor/examination.hpp"
#include "registry/store/checks.hpp"
#include "registry/store/totals.hpp"

namespace wharf::doctor {

namespace {

constexpr std::int64_t k_packages_at_once = 1000;

std::string described(const store::WrongSum& wrong) {
  return "downloads of " + wrong.what + " are kept as " + std::to_string(wrong.kept) + ", but were counted " +
         std::to_string(wrong.summed);
}

}  // namespace

void check_totals(Examination& examination) {
  auto& database = examination.database();
  const auto differ = [&] {
    return database.read(
        [](store::Connection& c) { return !(store::totals(c) == store::counted_totals(c)); });
  };
  if (differ() && examination.is_still(differ))
    examination.found(Severity::repairable, "registry_totals",
                      "how many packages and versions there are is kept wrong", "run with --repair", [&] {
                        database.transaction([](store::Connection& c) { store::count_totals_anew(c); });
                      });
}

void check_downloads(Examination& examination) {
  auto& database = examination.database();
  const auto last = database.read([](store::Connection& c) { return store::greatest_package_id(c); });
  for (std::int64_t after = 0; after < last; after += k_packages_at_once) {
    const auto wrong_of = [&](std::int64_t from, std::int64_t to) {
      return database.read([&](store::Connection& c) { return store::wrong_download_sums(c, from, to); });
    };
    auto wrong = wrong_of(after, after + k_packages_at_once);
    std::ranges::stable_sort(wrong, {}, &store::WrongSum::package_id);
    for (std::size_t i = 0; i < wrong.size(); ++i) {
      const auto id = wrong[i].package_id;
      if (i > 0 && wrong[i - 1].package_id == id) continue;  // one cure for all of a package's
      if (!examination.is_still([&] { return !wrong_of(id - 1, id).empty(); })) continue;
      examination.found(
          Severity::repairable,
          database.read([&](store::Connection& c) { return store::package_name(c, id); }),
          described(wrong[i]), "run with --repair, which sums up what was counted",
          [&] { database.transaction([&](store::Connection& c) { store::sum_downloads_anew(c, id); }); });
    }
    examination.progress(static_cast<std::uint64_t>(std::min(after + k_packages_at_once, last)));
  }
  const auto daily = [&] {
    return database.read([](store::Connection& c) { return store::wrong_daily_downloads(c); });
  };
  const auto wrong = daily();
  if (!wrong.empty() && examination.is_still([&] { return !daily().empty(); }))
    examination.found(
        Severity::repairable, "all packages", described(wrong.front()),
        "run with --repair, which sums up what was counted",
        [&] { database.transaction([](store::Connection& c) { store::sum_daily_downloads_anew(c); }); });
}

void check_accounts(Examination& examination) {
  for (const auto& [where, what] :
       examination.database().read([](store::Connection& c) { return store::odd_credentials(c); }))
    examination.found(Severity::repairable, where, what,
                      "set it right with wharf-user, or revoke it and let its owner make a new one");
}

}  // namespace wharf::doctor
