// SPDX-License-Identifier: MIT
#include "registry/services/removal.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/requirement.hpp"
#include "registry/services/moderation.hpp"
#include "registry/services/package_change.hpp"
#include "registry/services/reason.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

namespace {

Error refusal(std::string_view package, std::string_view version, const std::string& because) {
  return Error(Code::removal_refused, std::string(package) + " " + std::string(version) +
                                          " cannot be removed, since " + because + "; yank it instead");
}

struct Target {
  Version version;
  store::VersionRow row;
};

// What is to be removed, ascending.
std::vector<Target> targets_of(store::Connection& connection, const store::PackageRow& package,
                               std::optional<std::string_view> version) {
  std::vector<Target> targets;
  if (version) {
    auto row = store::find_version(connection, package.name, *version);
    if (!row || row->state == store::VersionState::removed) throw no_such_version(package.name, *version);
    targets.push_back({parse_version(row->version), std::move(*row)});
    return targets;
  }
  for (auto& row : store::versions_of(connection, package.id))
    targets.push_back({parse_version(row.version), std::move(row)});
  if (targets.empty())
    throw Error(Code::not_found,
                "package " + wharf::quoted(package.name) + " has no version left that could be removed");
  std::ranges::sort(targets, [](const Target& a, const Target& b) { return a.version < b.version; });
  return targets;
}

void require_no_dependents(store::Connection& connection, const store::PackageRow& package,
                           const std::vector<Target>& targets) {
  store::each_dependent(connection, package.name, package.id, [&](const store::Dependent& dependent) {
    const auto requirement = Requirement::from(dependent.requirement);
    if (!requirement) return true;
    for (const auto& target : targets)
      if (requirement->matches(target.version))
        throw refusal(package.name, target.row.version,
                      dependent.package + " " + dependent.version + " depends on it")
            .with("dependent", dependent.package)
            .with("dependent_version", dependent.version);
    return true;
  });
}

}  // namespace

bool Removal::remove(std::string_view package, std::string_view version, const Principal& principal,
                     const Origin& origin, Dependents dependents) {
  return run(package, version, principal, origin, dependents).visible;
}

RemovalOutcome Removal::remove_all(std::string_view package, const Principal& principal, const Origin& origin,
                                   Dependents dependents) {
  require_operator(principal, "remove all versions of a package");
  return run(package, std::nullopt, principal, origin, dependents);
}

RemovalOutcome Removal::run(std::string_view package, std::optional<std::string_view> version,
                            const Principal& principal, const Origin& origin, Dependents dependents) {
  require_scope(principal, Scope::yank, package);
  const auto why = checked_reason(origin.reason);
  std::uint64_t seq = 0;
  RemovalOutcome outcome;
  const auto work = [&](store::Connection& connection) {
    auto change = PackageChange::lock(connection, package);
    if (!change) throw no_such_package(package);
    const auto targets = targets_of(connection, change->row(), version);
    require_role(*change, principal, Needs::owner, "remove versions of");
    const Time at = now();
    if (!principal.is_operator() && at - targets.front().row.published_at > within_)
      throw refusal(package, targets.front().row.version,
                    "it was published more than " + std::to_string(within_.count()) + " hours ago");
    if (!principal.is_operator() || dependents == Dependents::refuse)
      require_no_dependents(connection, change->row(), targets);

    outcome.versions.clear();
    for (const auto& [parsed, row] : targets) {
      store::set_version_removed(connection, row.id);
      change->document().erase(row.version);
      outcome.versions.push_back(row.version);
    }
    change->save(at);
    std::optional<std::string> detail;
    if (!version) detail = "all " + std::to_string(targets.size()) + " versions";
    store::record_audit(connection,
                        {.action = version ? "remove" : "remove-all",
                         .actor = principal.username,
                         .subject = std::string(package) + (version ? " " + std::string(*version) : ""),
                         .address = origin.address,
                         .reason = why,
                         .request_id = origin.request_id,
                         .detail = detail},
                        at);
    failpoint("remove.before_journal");
    for (const auto& target : targets)
      seq = change->append({.action = "remove",
                            .version = target.row.version,
                            .actor = principal.username,
                            .at = at,
                            .entry = std::nullopt,
                            .reason = std::nullopt});
    failpoint("remove.before_commit");
  };
  try {
    database_.transaction(work);
  } catch (const store::CommitUnknown&) {
    // Removed is for ever, so looking is enough, and at one of them, since all went together; where it did
    // not take place it runs once more.
    const auto removed = database_.transaction([&](store::Connection& connection) {
      const auto locked = store::lock_package(connection, package);
      const auto row = store::find_version(connection, package, outcome.versions.front());
      if (locked) seq = locked->revision;
      return row && row->state == store::VersionState::removed;
    });
    if (!removed) database_.transaction(work);
  }
  failpoint("remove.after_commit");
  outcome.visible = visibility_.wait_until_visible(seq, longest_wait_);
  return outcome;
}

}  // namespace wharf
