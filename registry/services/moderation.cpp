// SPDX-License-Identifier: MIT
#include "registry/services/moderation.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "registry/services/package_change.hpp"
#include "registry/services/reason.hpp"
#include "registry/services/settle_change.hpp"
#include "registry/store/audit.hpp"

namespace wharf {

void require_operator(const Principal& principal, std::string_view what) {
  if (!principal.is_operator())
    throw Error(Code::forbidden, "only the operator may " + std::string(what) + ", with wharf-package");
}

ModerationOutcome Moderation::quarantine(std::string_view package, const std::string& reason,
                                         const Principal& principal, const Origin& origin) {
  return set(package, required_reason(reason, "a quarantine"), principal, origin);
}

ModerationOutcome Moderation::release(std::string_view package, const Principal& principal,
                                      const Origin& origin) {
  return set(package, std::nullopt, principal, origin);
}

ModerationOutcome Moderation::set(std::string_view package, const std::optional<std::string>& reason,
                                  const Principal& principal, const Origin& origin) {
  require_operator(principal, reason ? "quarantine packages" : "release packages");
  const auto why = reason ? reason : checked_reason(origin.reason);
  std::uint64_t seq = 0;
  auto outcome = settled(database_, [&](store::Connection& connection) {
    auto change = PackageChange::lock(connection, package);
    if (!change) throw no_such_package(package);
    const auto& before = change->row().quarantine;
    if (reason ? before && before->reason == *reason : !before) {
      seq = change->row().revision;
      return ModerationOutcome{before, false, true};
    }
    const Time at = now();
    std::optional<store::Quarantine> after;
    if (reason) after = store::Quarantine{at, *reason};
    change->set_quarantine(after);
    change->save(at);
    const std::string action = reason ? "quarantine" : "release";
    store::record_audit(connection,
                        {.action = action,
                         .actor = principal.username,
                         .subject = std::string(package),
                         .address = origin.address,
                         .reason = why,
                         .request_id = origin.request_id},
                        at);
    failpoint("moderate.before_journal");
    seq = change->append({.action = action,
                          .version = std::nullopt,
                          .actor = principal.username,
                          .at = at,
                          .entry = std::nullopt,
                          .reason = reason});
    failpoint("moderate.before_commit");
    return ModerationOutcome{after, true, false};
  });
  failpoint("moderate.after_commit");
  outcome.visible = visibility_.wait_until_visible(seq, longest_wait_);
  return outcome;
}

}  // namespace wharf
