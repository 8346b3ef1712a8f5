// SPDX-License-Identifier: MIT
#include "client/solve/carry_out.hpp"

#include <utility>

#include "client/cache/archive_places.hpp"
#include "client/registry/archives.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/command/transfers.hpp"

namespace wharf::client {

namespace {

std::vector<ToInstall> to_install(const Asked& asked, const std::vector<LockedPackage>& packages) {
  std::vector<ToInstall> all;
  for (const auto& package : packages)
    all.push_back({.name = package.name,
                   .version = package.version,
                   .checksum = package.checksum,
                   .archive = {},
                   .in_place = {}});
  for (const auto& project : asked.in_place)
    all.push_back({.name = project.name,
                   .version = version_of(project),
                   .checksum = {},
                   .archive = {},
                   .in_place = project.root});
  return all;
}

}  // namespace

Carried carry_out(const Workplace& workplace, const Asked& asked, Index& index, const Order& order) {
  const auto& session = workplace.session;
  const auto& profile = session.profile;
  Carried carried;
  auto all = to_install(asked, order.packages);

  require_places(profile, workplace.root(), all);
  std::vector<std::size_t> missing;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < order.packages.size(); ++i)
    if (!is_at_hand(profile, workplace.root(), all[i])) {
      missing.push_back(i);
      names.push_back(all[i].name);
    }
  Lock to_fetch;
  for (const auto i : missing) to_fetch.packages.push_back(order.packages[i]);
  if (!missing.empty()) {
    index.refresh(names);
    require_same_checksums(index, to_fetch);
    std::vector<WantedArchive> wanted;
    for (const auto& package : to_fetch.packages) {
      const auto* entry = known_entry(index, package);
      const auto places =
          archive_places(profile, index.access().cache, package.name, package.version, package.checksum);
      std::error_code none;
      if (!std::filesystem::is_regular_file(places.own, none)) ++carried.fetched;
      wanted.push_back({.name = package.name,
                        .version = package.version,
                        .checksum = package.checksum,
                        .size = entry ? entry->size : 0});
    }
    command::Transfers transfers;
    const auto archives = fetch_archives(index.access(), profile, wanted, transfers);
    for (std::size_t i = 0; i < missing.size(); ++i) all[missing[i]].archive = archives[i];
  }
  // Of what was not asked for now, no one asks the registry only to warn.
  if (order.lock) to_fetch.packages = order.packages;
  carried.warnings = warnings_of(index, to_fetch);
  for (const auto& warning : carried.warnings) command::warn(warning);

  failpoint("client-fetched");
  InstallOptions options;
  if (order.manifest) options.files.push_back({workplace.project.manifest(), *order.manifest});
  if (order.lock) {
    auto text = render_lock(profile, *order.lock);
    carried.lock_changed = text != workplace.lock_text;
    if (carried.lock_changed) options.files.push_back({workplace.lock_file, std::move(text)});
  }
  options.say = [](const std::string& text) { command::note(text); };
  carried.report = put_in_place(profile, workplace.root(), all, options);
  failpoint("client-installed");
  return carried;
}

}  // namespace wharf::client
