// SPDX-License-Identifier: MIT
#include "registry/services/yanking.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/json/value.hpp"
#include "registry/services/package_change.hpp"
#include "registry/services/reason.hpp"
#include "registry/services/settle_change.hpp"
#include "registry/store/audit.hpp"

namespace wharf {

YankOutcome Yanking::yank(std::string_view package, std::string_view version,
                          const std::optional<std::string>& reason, const Principal& principal,
                          const Origin& origin) {
  return set(package, version, true, checked_reason(reason), principal, origin);
}

YankOutcome Yanking::unyank(std::string_view package, std::string_view version, const Principal& principal,
                            const Origin& origin) {
  return set(package, version, false, std::nullopt, principal, origin);
}

YankOutcome Yanking::import(std::string_view package, std::string_view version, const store::ForeignKey& from,
                            bool yanked, Time at, const Principal& principal, const Origin& origin) {
  const Imported imported{from, at};
  return set(package, version, yanked, std::nullopt, principal, origin, &imported);
}

YankOutcome Yanking::set(std::string_view package, std::string_view version, bool yanked,
                         const std::optional<std::string>& reason, const Principal& principal,
                         const Origin& origin, const Imported* imported) {
  require_scope(principal, Scope::yank, package);
  // Why something was unyanked is nobody's news but the audit's.
  const auto audited = reason ? reason : checked_reason(origin.reason);
  std::uint64_t seq = 0;
  auto outcome = settled(database_, [&](store::Connection& connection) {
    auto change = PackageChange::lock(connection, package);
    if (!change) throw no_such_package(package);
    auto row = store::find_version(connection, package, version);
    if (!row || row->state == store::VersionState::removed) throw no_such_version(package, version);
    require_role(*change, principal, Needs::maintainer, yanked ? "yank versions of" : "unyank versions of");

    bool said_before = false;
    if (imported) {
      const auto record = store::lock_imported(connection, imported->from);
      said_before = !record || record->yanked == yanked;
      if (!said_before) store::set_imported_yanked(connection, imported->from, yanked);
    }
    const bool is_yanked = row->state == store::VersionState::yanked;
    if (said_before || (is_yanked == yanked && (!yanked || !reason || reason == row->yank_reason))) {
      seq = change->row().revision;
      return YankOutcome{std::move(*row), false, true, {}};
    }
    std::vector<QuotaState> quotas;
    if (yanked) {
      QuotaUse quota(connection, quotas_, principal);
      quota.lock({Quota::yanks});
      quota.take(Quota::yanks);
      quotas = quota.states();
    }
    const Time at = now();
    row->state = yanked ? store::VersionState::yanked : store::VersionState::active;
    row->yank_reason = reason;
    store::set_version_state(connection, row->id, row->state, row->yank_reason);
    const Manifest manifest = manifest_from_json(json::parse(row->manifest).root());
    change->document().put(package, *row, manifest);
    change->save(imported ? std::max(imported->at, change->row().updated_at) : at, row->version, &manifest);
    const std::string action = yanked ? "yank" : "unyank";
    store::record_audit(connection,
                        {.action = action,
                         .actor = principal.username,
                         .subject = std::string(package) + " " + row->version,
                         .address = origin.address,
                         .reason = audited,
                         .request_id = origin.request_id},
                        at);
    failpoint("yank.before_journal");
    seq = change->append({.action = action,
                          .version = row->version,
                          .actor = principal.username,
                          .at = at,
                          .entry = std::nullopt,
                          .reason = reason});
    failpoint("yank.before_commit");
    return YankOutcome{std::move(*row), true, false, std::move(quotas)};
  });
  failpoint("yank.after_commit");
  outcome.visible = visibility_.wait_until_visible(seq, longest_wait_);
  return outcome;
}

}  // namespace wharf
