// SPDX-License-Identifier: MIT
#include "registry/services/removal.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/package/requirement.hpp"
#include "registry/services/package_change.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

namespace {

Error refusal(std::string_view package, std::string_view version, const std::string& because) {
  return Error(Code::removal_refused, std::string(package) + " " + std::string(version) +
                                          " cannot be removed, since " + because + "; yank it instead");
}

void require_no_dependents(store::Connection& connection, const store::PackageRow& package,
                           const store::VersionRow& row) {
  const auto version = parse_version(row.version);
  store::each_dependent(connection, package.name, package.id, [&](const store::Dependent& dependent) {
    const auto requirement = Requirement::from(dependent.requirement);
    if (requirement && requirement->matches(version))
      throw refusal(package.name, row.version, dependent.package + " " + dependent.version + " depends on it")
          .with("dependent", dependent.package)
          .with("dependent_version", dependent.version);
    return true;
  });
}

}  // namespace

bool Removal::remove(std::string_view package, std::string_view version, const Principal& principal,
                     const Origin& origin) {
  require_scope(principal, Scope::yank, package);
  std::uint64_t seq = 0;
  const auto work = [&](store::Connection& connection) {
    auto change = PackageChange::lock(connection, package);
    if (!change) throw no_such_package(package);
    const auto row = store::find_version(connection, package, version);
    if (!row || row->state == store::VersionState::removed) throw no_such_version(package, version);
    require_role(*change, principal, Needs::owner, "remove versions of");
    const Time at = now();
    if (at - row->published_at > within_)
      throw refusal(package, version,
                    "it was published more than " + std::to_string(within_.count()) + " hours ago");
    require_no_dependents(connection, change->row(), *row);

    store::set_version_removed(connection, row->id);
    change->document().erase(row->version);
    change->save(at);
    store::record_audit(connection,
                        {.action = "remove",
                         .actor = principal.username,
                         .subject = std::string(package) + " " + row->version,
                         .address = origin.address,
                         .reason = std::nullopt,
                         .request_id = origin.request_id},
                        at);
    failpoint("remove.before_journal");
    seq = change->append({.action = "remove",
                          .version = row->version,
                          .actor = principal.username,
                          .at = at,
                          .entry = std::nullopt,
                          .reason = std::nullopt});
    failpoint("remove.before_commit");
  };
  try {
    database_.transaction(work);
  } catch (const store::CommitUnknown&) {
    // Removed is for ever, so looking is enough; where it did not take place it runs once more.
    const auto removed = database_.transaction([&](store::Connection& connection) {
      const auto locked = store::lock_package(connection, package);
      const auto row = store::find_version(connection, package, version);
      if (locked) seq = locked->revision;
      return row && row->state == store::VersionState::removed;
    });
    if (!removed) database_.transaction(work);
  }
  failpoint("remove.after_commit");
  return visibility_.wait_until_visible(seq, longest_wait_);
}

}  // namespace wharf
